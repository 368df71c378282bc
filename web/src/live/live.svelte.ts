import { createContext } from 'svelte';

import type { LiveEvents } from '../api/types';
import { StreamParser, type StreamEvent } from './sse';

type Type = keyof LiveEvents;
/** Events of one animation frame, in the order they came. */
export type LiveEvent = { [K in Type]: { type: K; data: LiveEvents[K] } }[Type];
type Listener = (batch: LiveEvent[]) => void;

/** The server's heartbeat is 15 s; two of them missed means that the line is dead. */
const SILENCE_MS = 35_000;
const BACKOFF_MS = { first: 500, most: 15_000 };

export interface LiveOptions {
  url?: string;
  onSignedOut: () => void;
}

/**
 * The one connection (P8). It resumes at the last event id, reconnects with growing and jittered pauses, and hands on
 * events in batches, one per animation frame. Who listens applies them by version, so a repeat is harmless.
 */
export class Live {
  /** `open` once `ready` has come; `waiting` between two attempts. */
  state = $state<'closed' | 'connecting' | 'open' | 'waiting'>('closed');
  /** Since when the line is down, or null while it is up. */
  downSince = $state<number | null>(null);
  online = $state(navigator.onLine);
  /** How often the feed has become ready: what failed while it was down may be tried again. */
  opened = $state(0);

  readonly #url: string;
  readonly #signedOut: () => void;
  readonly #listeners = new Set<Listener>();
  #cursor: string | null = null;
  /** Where the feed stood when this connection became ready. */
  #tail: string | null = null;
  #attempt: AbortController | null = null;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #queue: LiveEvent[] = [];
  #flushing = false;

  constructor(options: LiveOptions) {
    this.#url = options.url ?? '/api/live';
    this.#signedOut = options.onSignedOut;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    addEventListener('online', this.#cameOnline);
    addEventListener('offline', this.#wentOffline);
    document.addEventListener('visibilitychange', this.#looked);
    this.#connect();
  }

  /** Closes for good: signing out. */
  stop(): void {
    removeEventListener('online', this.#cameOnline);
    removeEventListener('offline', this.#wentOffline);
    document.removeEventListener('visibilitychange', this.#looked);
    this.#hangUp('closed');
    this.#cursor = null;
    this.downSince = null;
  }

  readonly #cameOnline = (): void => {
    this.online = true;
    this.#failures = 0;
    if (this.state !== 'open') this.#connect();
  };

  readonly #wentOffline = (): void => {
    this.online = false;
    this.#lost();
  };

  /** A hidden tab stays connected, for its title says how much is new; the frame it waited for does not come. */
  readonly #looked = (): void => {
    if (document.hidden) this.#flush();
    else if (this.state === 'waiting') this.#connect();
  };

  #hangUp(state: 'closed' | 'waiting'): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    this.#attempt?.abort();
    this.#attempt = null;
    this.state = state;
  }

  #connect(): void {
    this.#hangUp('waiting');
    this.state = 'connecting';
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#listenToSilence();
    this.#read(attempt.signal).then(
      () => this.#attempt === attempt && this.#ended(),
      () => this.#attempt === attempt && this.#lost(),
    );
  }

  async #read(signal: AbortSignal): Promise<void> {
    const url = this.#cursor ? `${this.#url}?cursor=${encodeURIComponent(this.#cursor)}` : this.#url;
    const answer = await fetch(url, { headers: { accept: 'text/event-stream' }, cache: 'no-store', signal });
    if (answer.status === 401) return this.#refused();
    if (!answer.ok || !answer.body) throw new Error(`live answered ${answer.status}`);
    const parser = new StreamParser();
    const text = new TextDecoder();
    const reader = answer.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      this.#listenToSilence();
      for (const event of parser.push(text.decode(value, { stream: true }))) this.#take(event);
    }
  }

  #refused(): void {
    this.#hangUp('closed');
    this.#signedOut();
  }

  /** The stream ended as streams do after a while: go on at once, unless it ended before it was ready. */
  #ended(): void {
    if (this.state === 'open') this.#connect();
    else this.#lost();
  }

  #lost(): void {
    this.downSince ??= Date.now();
    this.#hangUp('waiting');
    if (!this.online) return;
    const most = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** this.#failures++);
    this.#retry = setTimeout(() => this.#connect(), most / 2 + (Math.random() * most) / 2);
  }

  #listenToSilence(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lost(), SILENCE_MS);
  }

  #take(event: StreamEvent): void {
    const type = event.event as Type;
    const data: unknown = JSON.parse(event.data);
    if (event.id) this.#cursor = event.id;
    if (type === 'ready') this.#ready(data as LiveEvents['ready']);
    // After too long a gap everything is loaded anew; what was queued for the old picture is of no use.
    if (type === 'reload') this.#cursor = this.#tail;
    this.#queue.push({ type, data } as LiveEvent);
    this.#flushSoon();
  }

  #ready(ready: LiveEvents['ready']): void {
    this.#tail = ready.cursor;
    // Resuming, the events up to here are still on their way: the cursor moves with them.
    this.#cursor ??= ready.cursor;
    this.#failures = 0;
    this.downSince = null;
    // The browser may be wrong about the network; an open stream is not.
    this.online = true;
    this.opened++;
    this.state = 'open';
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
