import type { Message } from '../../api/types';

/** How long a message has to stand on the screen to count as seen (RULES, Sending). */
const STANDS_MS = 2000;

/**
 * What the writer has seen of a thread: what has stood on their screen for a while, and what was there when they typed.
 * Messages go by their places. What was there when the thread was opened is history: seeing some of it is to be past
 * what is further up. What has come since is seen one by one.
 */
export class Sight {
  readonly #now: () => number;
  /** What is on the screen, and since when. */
  #standing = new Map<number, number>();
  readonly #seen = new Set<number>();
  /** What is further up than anything that has been on the screen since the thread was opened. */
  #above: number | null = null;
  #history = 0;
  /** When they last wrote. */
  typedAt = -Infinity;

  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** The thread is opened, with messages up to this place. */
  open(newest: number): void {
    this.#history = newest;
    this.#above = null;
  }

  /** What is on the screen now, from top to bottom; nothing, when nobody can look. */
  show(places: readonly number[]): void {
    this.#settle();
    if (places[0] !== undefined) this.#above = Math.min(this.#above ?? places[0], places[0] - 1);
    this.#standing = new Map(places.map((place) => [place, this.#standing.get(place) ?? this.#now()]));
  }

  /** They write, with all of this before them. */
  typed(): void {
    this.typedAt = this.#now();
    for (const place of this.#standing.keys()) this.#seen.add(place);
  }

  /** Up to where `me` has seen these messages: what colleagues answered after that, they have not. */
  upTo(messages: readonly Pick<Message, 'kind' | 'author' | 'seq'>[], me: string): number {
    this.#settle();
    const answers = messages.filter(({ kind, author }) => kind === 'staff' && author?.id !== me);
    const past = Math.max(this.#above ?? 0, ...this.#seen);
    const missed = answers.find(({ seq }) => seq > this.#history && !this.#seen.has(seq));
    return missed ? Math.min(past, missed.seq - 1) : past;
  }

  #settle(): void {
    const long = this.#now() - STANDS_MS;
    for (const [place, since] of this.#standing) if (since <= long) this.#seen.add(place);
  }
}
