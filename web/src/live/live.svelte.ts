import { createContext } from 'svelte';

import type { LiveEvents } from '../api/types';
import { patient } from '../app/patient';
import type { Feed, Hearer, State } from './feed';
import type { StreamEvent } from './sse';

type Type = keyof LiveEvents;
/** Events of one animation frame, in the order they came. */
export type LiveEvent = { [K in Type]: { type: K; data: LiveEvents[K] } }[Type];
type Listener = (batch: LiveEvent[]) => void;

export interface LiveOptions {
  url?: string;
  onSignedOut: () => void;
  /** Whether this person is to be told of what comes while nobody looks. */
  wakes?: (person: string | null) => boolean;
}

// The list does not wait for it.
const feedPart = patient(() => import('./tabs'));

/**
 * What the server tells as it happens (P8), handed on in batches, one per animation frame. Who listens applies it by
 * version, so a repeat is harmless.
 */
export class Live {
  state = $state<State>('closed');
  /** Since when the line is down, or null while it is up. */
  downSince = $state<number | null>(null);
  online = $state(navigator.onLine);
  /** How often the feed has become ready: what failed while it was down may be tried again. */
  opened = $state(0);

  readonly #url: string;
  readonly #signedOut: () => void;
  readonly #wakes: (person: string | null) => boolean;
  readonly #fronted = new Set<() => void>();
  readonly #listeners = new Set<Listener>();
  #feed: Feed | null = null;
  /** Counts starts and stops: a feed that comes too late is of no use. */
  #turn = 0;
  /** Whose feed it is. */
  #person: string | null = null;
  #queue: LiveEvent[] = [];
  #flushing = false;

  constructor(options: LiveOptions) {
    this.#url = options.url ?? '/api/live';
    this.#signedOut = options.onSignedOut;
    this.#wakes = options.wakes ?? (() => false);
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called when a window of this person's comes to the front. */
  onFront(act: () => void): void {
    this.#fronted.add(act);
  }

  /** What all tabs of this browser would do at once is done by this one. */
  get leads(): boolean {
    return this.#feed?.leads ?? false;
  }

  /** Whether a window of this person's is before them, in this browser. */
  inFront(): Promise<boolean> {
    return this.#feed?.inFront() ?? Promise.resolve(true);
  }

  /** `person`: who is signed in, as far as is known. Tabs of nobody in particular share nothing. */
  start(person: string | null = null): void {
    const same = person === this.#person;
    this.#person = person;
    if (this.state !== 'closed') {
      // It turned out to be somebody else: what is shared is theirs only.
      if (same || !this.#feed?.shared) return;
      this.stop();
    }
    addEventListener('online', this.#reached);
    addEventListener('offline', this.#reached);
    document.addEventListener('visibilitychange', this.#looked);
    this.state = 'connecting';
    const turn = ++this.#turn;
    void feedPart().then(({ openFeed }) => {
      if (turn === this.#turn) {
        const wakes = () => this.#wakes(this.#person);
        this.#feed = openFeed(this.#url, this.#person, this.#hearer(turn), wakes);
      }
    });
  }

  /** Closes for good: signing out. */
  stop(): void {
    removeEventListener('online', this.#reached);
    removeEventListener('offline', this.#reached);
    document.removeEventListener('visibilitychange', this.#looked);
    this.#turn++;
    this.#feed?.stop();
    this.#feed = null;
    this.state = 'closed';
    this.downSince = null;
  }

  /** A feed that has been stopped says nothing more. */
  #hearer(turn: number): Hearer {
    const ours = <A extends unknown[]>(act: (...args: A) => void) => {
      return (...args: A) => turn === this.#turn && act(...args);
    };
    return {
      hear: ours((event: StreamEvent) => this.#hear(event)),
      fronted: ours(() => this.#fronted.forEach((act) => act())),
      become: ours((state: State, since: number | null) => this.#become(state, since)),
      refused: ours(() => {
        this.stop();
        this.#signedOut();
      }),
    };
  }

  readonly #reached = ({ type }: Event): void => {
    this.online = type === 'online';
    this.#feed?.reach(this.online);
  };

  /** The frame that a tab waited for does not come once it is hidden. */
  readonly #looked = (): void => {
    if (document.hidden) this.#flush();
  };

  #become(state: State, since: number | null): void {
    this.state = state;
    this.downSince = since;
  }

  #hear(event: StreamEvent): void {
    const type = event.event as Type;
    if (type === 'ready') {
      // The browser may be wrong about the network; an open stream is not.
      this.online = true;
      this.opened++;
    }
    this.#queue.push({ type, data: JSON.parse(event.data) as unknown } as LiveEvent);
    this.#flushSoon();
  }

  /** One batch per frame; a hidden tab has no frames, so it gets a timer. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    if (document.hidden) setTimeout(() => this.#flush(), 50);
    else requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    const batch = this.#queue;
    this.#queue = [];
    if (batch.length > 0) for (const listener of this.#listeners) listener(batch);
  }
}

export const [getLive, setLive] = createContext<Live>();
