import type { Cursor } from './cursor';
import type { Feed, Hearer, State } from './feed';
import { StreamParser, type StreamEvent } from './sse';

/** The server's heartbeat is 15 s; two of them missed means that the line is dead. */
const SILENCE_MS = 35_000;
const BACKOFF_MS = { first: 500, most: 15_000 };
/** How often a browser that nobody looks at asks what is new: its title says how much. */
const GLANCE_MS = 60_000;

/** One connection to the server. It resumes where it stood, and comes back with growing and jittered pauses. */
export class Line implements Feed {
  readonly shared = false;
  readonly leads = true;
  readonly #url: string;
  readonly #cursor: Cursor;
  readonly #hearer: Hearer & { beat?: () => void };
  state: State = 'closed';
  since: number | null = null;
  #online = true;
  /** Nobody looks: it is opened only for a glance, now and then. */
  #resting = false;
  #attempt: AbortController | null = null;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, cursor: Cursor, hearer: Hearer & { beat?: () => void }) {
    this.#url = url;
    this.#cursor = cursor;
    this.#hearer = hearer;
    document.addEventListener('visibilitychange', this.#looked);
    this.#connect();
  }

  inFront(): Promise<boolean> {
    return Promise.resolve(!document.hidden && document.hasFocus());
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#looked);
    this.#hangUp();
    this.state = 'closed';
  }

  reach(online: boolean): void {
    this.#online = online;
    if (!online) return this.#lost();
    this.#failures = 0;
    if (this.state !== 'open') this.#connect();
  }

  /** Nobody looks at any tab. */
  rest(): void {
    if (this.#resting) return;
    this.#resting = true;
    this.#glanceLater();
  }

  /** Somebody looks again. */
  wake(): void {
    if (!this.#resting) return;
    this.#resting = false;
    if (!this.#attempt) this.#connect();
  }

  readonly #looked = (): void => {
    if (!document.hidden && this.state === 'waiting') this.#connect();
  };

  #glanceLater(): void {
    this.#hangUp();
    this.#retry = setTimeout(() => this.#connect(), GLANCE_MS);
  }

  #hangUp(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    this.#attempt?.abort();
    this.#attempt = null;
  }

  #become(state: State): void {
    this.state = state;
    this.#hearer.become(state, this.since);
  }

  #connect(): void {
    this.#hangUp();
    this.#become('connecting');
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#listenToSilence();
    this.#read(attempt.signal).then(
      () => this.#attempt === attempt && this.#ended(),
      () => this.#attempt === attempt && this.#lost(),
    );
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { at } = this.#cursor;
    const url = at ? `${this.#url}?cursor=${encodeURIComponent(at)}` : this.#url;
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
      this.#hearer.beat?.();
      for (const event of parser.push(text.decode(value, { stream: true }))) {
        if (!signal.aborted) this.#take(event);
      }
    }
  }

  #refused(): void {
    this.stop();
    this.#hearer.refused();
  }

  /** The stream ended as streams do after a while: go on at once, unless it ended before it was ready. */
  #ended(): void {
    if (this.state === 'open') this.#connect();
    else this.#lost();
  }

  #lost(): void {
    this.since ??= Date.now();
    this.#hangUp();
    this.#become('waiting');
    if (!this.#online) return;
    const most = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** this.#failures++);
    this.#retry = setTimeout(() => this.#connect(), most / 2 + (Math.random() * most) / 2);
  }

  #listenToSilence(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lost(), SILENCE_MS);
  }

  #take(event: StreamEvent): void {
    this.#cursor.hear(event);
    if (event.event === 'ready') this.#ready();
    this.#hearer.hear(event);
    // The counts come last of what is told at once.
    if (this.#resting && event.event === 'counts') this.#glanceLater();
  }

  #ready(): void {
    this.#failures = 0;
    this.since = null;
    this.#online = true;
    this.#become('open');
  }
}
