import { Cursor } from './cursor';
import { Line } from './line';
import type { Feed, Hearer, State } from './feed';
import type { StreamEvent } from './sse';

/** The tab that leads says something at least every 15 s; one that does not has stopped working. */
const SILENCE_MS = 45_000;

/** What tabs say to each other; the rest is said by the one that leads. */
type Word =
  /** "I am here, and have heard the feed up to this." */
  | { say: 'hello'; from: string; cursor: string | null }
  /** Somebody looks at this tab. */
  | { say: 'seen' }
  /** This tab has come to the front. */
  | { say: 'front' }
  | { say: 'event'; event: StreamEvent }
  /** `to`: a tab that said hello; without one, all. */
  | { say: 'state'; to: string | null; state: State; since: number | null }
  | { say: 'missed'; to: string; events: StreamEvent[] }
  | { say: 'beat' };

const RELOAD: StreamEvent = { id: null, event: 'reload', data: '{"reason":"gap"}' };

const FOCUS = ['focus', 'blur', 'visibilitychange'] as const;
const isInFront = () => !document.hidden && document.hasFocus();

type Channel = Pick<BroadcastChannel, 'postMessage' | 'close' | 'onmessage'>;

/** What a browser gives its tabs to find each other; null where it does not, or not without https. */
export interface Browser {
  locks: Pick<LockManager, 'request' | 'query'>;
  channel: (name: string) => Channel;
}
const browser = (): Browser | null =>
  'locks' in navigator && 'BroadcastChannel' in globalThis
    ? { locks: navigator.locks, channel: (name) => new BroadcastChannel(name) }
    : null;

/**
 * The feed of this person: shared with their other tabs where that can be, else a connection of this tab's own. `wakes`:
 * whether it stays connected while nobody looks, since somebody is to be told of what comes.
 */
export function openFeed(
  url: string,
  person: string | null,
  hearer: Hearer,
  wakes: () => boolean = () => false,
  around = browser(),
): Feed {
  if (!person || !around) return new Line(url, new Cursor(), hearer);
  return new Tabs(url, `porchlight.live.${person}`, hearer, wakes, around);
}

/**
 * All tabs of one person in one browser, with one connection. Whoever holds the lock leads: it has the connection and
 * tells the others. The lock is free the moment its tab is gone, however it went, and the next one goes on where the
 * feed stood. While nobody looks at any of them, the connection is opened only for a glance, unless they are to be told of
 * what comes.
 */
export class Tabs implements Feed {
  readonly shared = true;
  readonly #me = crypto.randomUUID();
  readonly #url: string;
  readonly #name: string;
  readonly #hearer: Hearer;
  readonly #wakes: () => boolean;
  readonly #locks: Browser['locks'];
  readonly #channel: Channel;
  readonly #cursor = new Cursor();
  /** Ends every wait for a lock. */
  readonly #over = new AbortController();
  #line: Line | null = null;
  /** The last `ready`, and when it came: a tab that comes later is told the same, with the time that it is then. */
  #ready: { event: StreamEvent; came: number } | null = null;
  #lead: (() => void) | null = null;
  #unsee: (() => void) | null = null;
  #leaveFront: (() => void) | null = null;
  /** What was last told of it: a lock may be granted later. */
  #front = false;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, name: string, hearer: Hearer, wakes: () => boolean, { locks, channel }: Browser) {
    [this.#url, this.#name, this.#hearer, this.#wakes, this.#locks] = [url, name, hearer, wakes, locks];
    this.#channel = channel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Word>) => this.#told(data);
    document.addEventListener('visibilitychange', this.#looked);
    for (const type of FOCUS) addEventListener(type, this.#fronts);
    addEventListener('pageshow', this.#back);
    this.#queue({ signal: this.#over.signal });
    if (document.hidden) this.#hello();
    this.#looked();
    this.#fronts();
  }

  get leads(): boolean {
    return this.#line !== null;
  }

  async inFront(): Promise<boolean> {
    const { held = [] } = await this.#locks.query();
    return held.some(({ name }) => name === `${this.#name}.front`);
  }

  reach(online: boolean): void {
    if (this.#line) this.#line.reach(online);
    else if (online) this.#hello();
    else this.#hearer.become('waiting', Date.now());
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#looked);
    for (const type of FOCUS) removeEventListener(type, this.#fronts);
    removeEventListener('pageshow', this.#back);
    clearTimeout(this.#silence);
    this.#over.abort();
    this.#depose();
    this.#unsee?.();
    this.#leaveFront?.();
    this.#channel.close();
  }

  get #stopped(): boolean {
    return this.#over.signal.aborted;
  }

  #say(word: Word): void {
    if (!this.#stopped) this.#channel.postMessage(word);
  }

  #hello(): void {
    this.#say({ say: 'hello', from: this.#me, cursor: this.#cursor.at });
    this.#listenToSilence();
  }

  /** Waits to lead. A lock that was taken away is waited for again. */
  #queue(how: LockOptions): void {
    const lead = () => new Promise<void>((end) => (this.#stopped ? end() : this.#begin(end)));
    this.#locks.request(this.#name, how, lead).catch(() => {
      if (this.#stopped) return;
      this.#depose();
      this.#queue({ signal: this.#over.signal });
      this.#hello();
    });
  }

  #begin(end: () => void): void {
    this.#lead = end;
    clearTimeout(this.#silence);
    this.#line = new Line(this.#url, this.#cursor, {
      hear: (event) => this.#pass(event),
      become: (state, since) => {
        this.#hearer.become(state, since);
        this.#say({ say: 'state', to: null, state, since });
      },
      refused: () => this.#hearer.refused(),
      beat: () => this.#say({ say: 'beat' }),
    });
    if (document.hidden) this.#restOnceUnseen();
  }

  #depose(): void {
    this.#line?.stop();
    this.#line = null;
    this.#lead?.();
    this.#lead = null;
  }

  #pass(event: StreamEvent): void {
    this.#keep(event);
    this.#say({ say: 'event', event });
    this.#hearer.hear(event);
  }

  #keep(event: StreamEvent): void {
    if (event.event === 'ready') this.#ready = { event, came: Date.now() };
  }

  #told(word: Word): void {
    if (this.#stopped) return;
    if (word.say === 'front') return this.#hearer.fronted?.();
    if (word.say === 'seen' && this.#line) this.#woken(this.#line);
    if (word.say === 'hello' && this.#line) this.#answer(word, this.#line);
    if (word.say === 'seen' || word.say === 'hello' || this.#line) return;
    if ('to' in word && word.to !== null && word.to !== this.#me) return;
    this.#listenToSilence();
    if (word.say === 'state') this.#hearer.become(word.state, word.since);
    if (word.say === 'event') this.#follow(word.event);
    if (word.say === 'missed') word.events.forEach((event) => this.#follow(event));
  }

  /** The tab that leads has heard this. */
  #follow(event: StreamEvent): void {
    this.#cursor.hear(event);
    this.#keep(event);
    this.#hearer.hear(event);
  }

  /** A tab is new here, or was away: what it missed, before anything else. */
  #answer({ from, cursor }: Extract<Word, { say: 'hello' }>, { state, since }: Line): void {
    const missed = this.#cursor.since(cursor) ?? [RELOAD];
    const ready = state === 'open' && this.#ready ? [later(this.#ready)] : [];
    this.#say({ say: 'missed', to: from, events: [...ready, ...missed] });
    this.#say({ say: 'state', to: from, state, since });
  }

  /** Who leads without a word has stopped working: another one takes its place. Nobody looks, nobody minds. */
  #listenToSilence(): void {
    clearTimeout(this.#silence);
    if (this.#line) return;
    this.#silence = setTimeout(() => {
      if (document.hidden) return;
      this.#queue({ steal: true });
    }, SILENCE_MS);
  }

  /** A tab that somebody looks at holds a lock of its own; who leads can tell by it that nobody does. */
  readonly #looked = (): void => {
    if (document.hidden) {
      this.#unsee?.();
      this.#unsee = null;
      if (this.#line) this.#restOnceUnseen();
      return;
    }
    this.#hello();
    const { signal } = this.#over;
    const seen = () => new Promise<void>((end) => this.#see(end));
    this.#locks.request(`${this.#name}.seen`, { mode: 'shared', signal }, seen).catch(() => undefined);
  };

  #see(end: () => void): void {
    // Asked for twice, it is granted twice.
    if (document.hidden || this.#stopped || this.#unsee) return end();
    this.#unsee = end;
    this.#line?.wake();
    this.#say({ say: 'seen' });
  }

  /** Somebody looks at another tab; once nobody does, it may rest again. */
  #woken(line: Line): void {
    line.wake();
    if (document.hidden) this.#restOnceUnseen();
  }

  #restOnceUnseen(): void {
    const { signal } = this.#over;
    const rest = () => (document.hidden && !this.#wakes() ? this.#line?.rest() : undefined);
    this.#locks.request(`${this.#name}.seen`, { signal }, rest).catch(() => undefined);
  }

  /** A tab that somebody has before them holds a lock of its own, too. */
  readonly #fronts = (): void => {
    if (isInFront() === this.#front) return;
    this.#front = !this.#front;
    if (!this.#front) {
      this.#leaveFront?.();
      this.#leaveFront = null;
      return;
    }
    const { signal } = this.#over;
    const front = () => new Promise<void>((end) => this.#hold(end));
    this.#locks.request(`${this.#name}.front`, { mode: 'shared', signal }, front).catch(() => undefined);
    this.#say({ say: 'front' });
    this.#hearer.fronted?.();
  };

  /** One lock is enough: of two that were asked for, the second is given back. */
  #hold(end: () => void): void {
    if (!this.#front || this.#stopped || this.#leaveFront) return end();
    this.#leaveFront = end;
  }

  /** Out of the browser's memory: what was said meanwhile was not heard. */
  readonly #back = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.#hello();
  };
}

/** The same `ready`, told later: the server's clock has gone on. */
function later({ event, came }: { event: StreamEvent; came: number }): StreamEvent {
  const ready = JSON.parse(event.data) as { server_time: string };
  const server_time = new Date(Date.parse(ready.server_time) + Date.now() - came).toISOString();
  return { ...event, data: JSON.stringify({ ...ready, server_time }) };
}
