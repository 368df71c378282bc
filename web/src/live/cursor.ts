import type { StreamEvent } from './sse';

/** How far back the feed is kept, so that a tab that comes later misses nothing; the server replays as much. */
const KEPT_MS = 15_000;

/** Where a feed stands (PROTOCOLS §3), and what it said lately. */
export class Cursor {
  at: string | null = null;
  /** Where the feed stood when the connection became ready. */
  #tail: string | null = null;
  #lately: { event: StreamEvent; came: number }[] = [];

  hear(event: StreamEvent, now = Date.now()): void {
    if (event.event === 'ready') {
      this.#tail = (JSON.parse(event.data) as { cursor: string }).cursor;
      // Resuming, the events up to here are still on their way: the cursor moves with them.
      this.at ??= this.#tail;
    } else if (event.event === 'reload') {
      // After too long a gap everything is loaded anew.
      this.at = this.#tail;
    } else if (event.id) {
      this.at = event.id;
      this.#lately = this.#lately.filter(({ came }) => came > now - KEPT_MS);
      this.#lately.push({ event, came: now });
    }
  }

  /** What came after `from`, or lately where there is none; null when that reaches too far back to be known. */
  since(from: string | null): StreamEvent[] | null {
    const events = this.#lately.map(({ event }) => event);
    if (from === null || from === this.at) return from === null ? events : [];
    const known = events.findIndex(({ id }) => id === from);
    return known < 0 ? null : events.slice(known + 1);
  }
}
