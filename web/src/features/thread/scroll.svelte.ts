import { tick } from 'svelte';
import type { VirtualizerHandle } from 'virtua/svelte';

import type { Thread } from './thread.svelte';
import type { Item } from './timeline';

/** Closer to the end than this counts as being there. */
const END_PX = 40;
/** Older messages are fetched when this little is left above. */
const AHEAD_PX = 1200;

/**
 * Where a log stands. It is placed once it is drawn, follows its end while that is in sight, and keeps its place while
 * older messages come in front.
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
  virtual: VirtualizerHandle | undefined = $state();

  readonly #thread: Thread;
  /** Only a hand on the log takes the end out of sight: rows that turn out taller than thought do not. */
  #moved = false;
  #height = 0;
  #newest = 0;
  #ours = 0;

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
    const at = this.items.findIndex(({ kind, key }) => (message ? key === message : kind === 'unread'));
    if (at < 0) this.toEnd();
    else {
      this.#moved = true;
      this.virtual?.scrollToIndex(at, message ? { align: 'center' } : { align: 'start', offset: -8 });
    }
    requestAnimationFrame(() => {
      this.placed = true;
      this.look();
    });
  }

  readonly toEnd = (): void => {
    this.below = 0;
    this.atEnd = true;
    this.#moved = false;
    this.virtual?.scrollToIndex(this.items.length - 1, { align: 'end' });
  };

  /** What can be seen from here; fetches on when the beginning comes near. */
  readonly look = (): void => {
    const { scroller } = this;
    if (!scroller || !this.placed) return;
    const offset = scroller.scrollTop;
    const near = scroller.scrollHeight - offset - scroller.clientHeight < END_PX;
    if (near || this.#moved) this.atEnd = near;
    if (this.atEnd) this.below = 0;
    const { complete, older } = this.#thread;
    if (offset < AHEAD_PX && !complete && older === 'idle') void this.#thread.loadOlder();
  };

  /** A hand is on the log. */
  readonly touch = (): void => {
    this.#moved = true;
  };

  /** A grown composer, a turned phone, a status that became longer: the end stays in sight. */
  readonly stick = (): void => {
    if (this.atEnd && this.placed) this.virtual?.scrollToIndex(this.items.length - 1, { align: 'end' });
    else this.look();
  };

  /** Something was added at the end: follows it when the end was in sight, or when it is ours; else counts it. */
  follow(seen: number, ours: number): void {
    const added = this.#thread.messages.filter(({ seq }) => seq > this.#newest);
    const mine = ours > this.#ours;
    const changed = added.length > 0 || ours !== this.#ours;
    [this.#newest, this.#ours] = [seen, ours];
    if (!this.placed) return;
    if (mine || (this.atEnd && changed)) void tick().then(this.toEnd);
    else this.below += added.filter(({ direction }) => direction === 'in').length;
  }

  /** Sticks to the end when the log's own height changes. */
  watch(): (() => void) | undefined {
    if (!this.scroller) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const height = entry?.contentRect.height ?? 0;
      if (height !== this.#height) this.stick();
      this.#height = height;
    });
    observer.observe(this.scroller);
    return () => observer.disconnect();
  }
}
