import { tick } from 'svelte';

import type { Measured } from './Lines.svelte';
import type { Thread } from './thread.svelte';
import type { Item } from './timeline';

/** Closer to the end than this counts as being there. */
const END_PX = 40;
/** Older messages are fetched when this little is left above. */
const AHEAD_PX = 1200;
/** Room above the line from which on all is new. */
const ABOVE_PX = 8;

/** Keys that lead up. */
const UP = new Set(['ArrowUp', 'PageUp', 'Home']);

/**
 * What keeps its place on the screen, whatever the rows around it turn out to measure: the end, or a line by its key.
 * Null: what a hand has put there, and nothing else moves it.
 */
type Anchor = 'end' | { key: string } | null;

/**
 * Where a log stands. It opens at its end, at what is new, or at one message, and holds that until a hand moves it;
 * older messages come in front without moving what is read.
 */
export class LogScroll {
  items = $state.raw<readonly Item[]>([]);
  /** The last change put pages in front: the virtualizer then keeps the place from the end. */
  grewAbove = $state(false);
  placed = $state(false);
  /** The newest message can be seen. */
  atEnd = $state(true);
  /** Messages that came in below what is on the screen. */
  below = $state(0);

  /** Set by the part that draws. */
  scroller: HTMLElement | undefined = $state();
  virtual: Measured | undefined = $state();

  readonly #thread: Thread;
  #anchor: Anchor = 'end';
  /** A hand is, or was, on the log since the anchor was set. */
  #hand = false;
  /** A key leads up, and the log has not begun to move. */
  #leaves = false;
  #offset = 0;
  #height = 0;
  #newest = 0;
  #ours = 0;
  #wasDetached = false;

  constructor(thread: Thread) {
    this.#thread = thread;
  }

  draw(items: readonly Item[]): void {
    const had = this.items;
    // The second line is the first message's day.
    this.grewAbove = items[1]?.key !== had[1]?.key && items.at(-1)?.key === had.at(-1)?.key;
    this.items = items;
  }

  /** Shows a message; opens, without one, at the first that is new, else at the end. */
  async place(message: string | null): Promise<void> {
    await tick();
    const key = message ?? 'unread';
    this.#drop(this.items.some((item) => item.key === key) ? { key } : 'end');
    requestAnimationFrame(() => {
      this.placed = true;
      this.look();
    });
  }

  readonly toEnd = async (): Promise<void> => {
    if (this.#thread.detached) {
      if (!(await this.#thread.toNewest())) return;
      await tick();
    }
    this.below = 0;
    this.atEnd = true;
    this.#drop('end');
  };

  #drop(anchor: Anchor): void {
    this.#anchor = anchor;
    this.#hand = false;
    this.#leaves = false;
    this.#hold();
  }

  /** Puts what is held back in its place. */
  #hold(): void {
    const top = this.#anchor && this.#top(this.#anchor);
    if (top !== null) this.scroller?.scrollTo({ top, behavior: 'instant' });
  }

  /** Where the log is to be scrolled to; null for a line that has gone. */
  #top(anchor: NonNullable<Anchor>): number | null {
    const { scroller, virtual } = this;
    if (!scroller || !virtual) return null;
    if (anchor === 'end') return scroller.scrollHeight;
    const at = this.items.findIndex(({ key }) => key === anchor.key);
    if (at < 0) return null;
    const top = virtual.getItemOffset(at);
    if (anchor.key === 'unread') return top - ABOVE_PX;
    // In the middle; of one that is taller than the log, the beginning.
    return top - Math.max(0, scroller.clientHeight - virtual.getItemSize(at)) / 2;
  }

  /** What can be seen from here; fetches on when the beginning comes near. */
  readonly look = (): void => {
    const { scroller } = this;
    if (!scroller || !this.placed) return;
    const offset = scroller.scrollTop;
    if (offset < this.#offset) {
      if (this.#hand) this.#anchor = null;
      this.#leaves = false;
    }
    this.#offset = offset;
    this.atEnd = !this.#thread.detached && (this.#anchor === 'end' || this.#near(scroller));
    if (this.atEnd) this.below = 0;
    this.#thread.sight?.show(this.#places());
    const { complete, older } = this.#thread;
    const left = scroller.scrollHeight - offset - scroller.clientHeight;
    if (left < AHEAD_PX && this.#thread.detached) void this.#thread.loadNewer();
    if (offset < AHEAD_PX && !complete && older === 'idle') void this.#thread.loadOlder();
  };

  #near({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean {
    return scrollHeight - scrollTop - clientHeight < END_PX;
  }

  /** The messages that can be read to their ends now. */
  #places(): number[] {
    const { virtual, items } = this;
    if (!virtual || document.hidden) return [];
    const top = virtual.getScrollOffset();
    const bottom = top + virtual.getViewportSize() + END_PX;
    const places: number[] = [];
    for (let at = virtual.findItemIndex(top); at < items.length; at++) {
      if (virtual.getItemOffset(at) + virtual.getItemSize(at) > bottom) break;
      const item = items[at];
      if (item && 'message' in item) places.push(item.message.seq);
    }
    return places;
  }

  /** Looks once what has changed is drawn. */
  lookSoon(): () => void {
    const frame = requestAnimationFrame(this.look);
    return () => cancelAnimationFrame(frame);
  }

  /** A hand is on the log: what it does goes before what was held. */
  readonly touch = (event: Event): void => {
    this.#hand = true;
    const up = leadsUp(event);
    if (this.#anchor !== 'end' || up) this.#anchor = null;
    this.#leaves = up && event instanceof KeyboardEvent && (this.scroller?.scrollTop ?? 0) > 0;
  };

  /** A hand has left it at its end: from now on the end is held again. What was scrolled before a key ends before it. */
  readonly rest = (): void => {
    if (this.#anchor !== null || this.#leaves || this.#thread.detached) return;
    if (!this.scroller || !this.#near(this.scroller)) return;
    this.#anchor = 'end';
    this.#hand = false;
  };

  /** A grown composer, a turned phone, a status that became longer, rows that are measured: what is held stays. */
  readonly stick = (): void => {
    if (!this.placed && !this.#anchor) return;
    void tick().then(() => {
      this.#hold();
      this.look();
    });
  };

  /** Something was added at the end: follows it when the end was in sight, or when it is ours; else counts it. */
  follow(newest: number, ours: number): void {
    const added = this.#thread.messages.filter(({ seq }) => seq > this.#newest);
    const mine = ours > this.#ours;
    const changed = added.length > 0 || ours !== this.#ours;
    [this.#newest, this.#ours] = [newest, ours];
    // The last page of what was not here is no news.
    const joined = this.#wasDetached;
    this.#wasDetached = this.#thread.detached;
    if (!this.placed || (this.#thread.detached && !mine)) return;
    if (mine || (this.#follows() && changed)) void tick().then(this.toEnd);
    else if (!joined) this.below += added.filter(({ direction }) => direction === 'in').length;
  }

  /** A message that somebody came for stays, whatever comes after it. */
  #follows(): boolean {
    const held = this.#anchor !== null && this.#anchor !== 'end' && this.#anchor.key !== 'unread';
    return this.atEnd && !held;
  }

  /** Keeps what is held when the log's own height changes; afterwards nobody looks at it. */
  watch(): (() => void) | undefined {
    if (!this.scroller) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const height = entry?.contentRect.height ?? 0;
      if (height !== this.#height) this.stick();
      this.#height = height;
    });
    observer.observe(this.scroller);
    return () => {
      observer.disconnect();
      this.#thread.sight?.show([]);
    };
  }
}

/** Whether what a hand does takes the end out of sight. A finger may lead anywhere; a mouse on the log, the scroll bar. */
function leadsUp(event: Event): boolean {
  if (event instanceof WheelEvent) return event.deltaY < 0;
  if (event instanceof KeyboardEvent) return UP.has(event.key) || (event.key === ' ' && event.shiftKey);
  return event.type === 'touchmove' || event.target === event.currentTarget;
}
