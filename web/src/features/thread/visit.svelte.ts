import type { Row } from '../../api/types';
import type { Acts } from '../acts/acts.svelte';

/**
 * One opening of a thread. Looking clears what is new to this reader: at first all of it, from then on what can be
 * seen. A mark that they put on it meanwhile, here or in another window of theirs, is the next visit's to clear. In
 * which order answers and live events come is of no matter: rows are ordered by their versions, acts by their turns.
 */
export class Visit {
  readonly #acts: Acts;
  /** How often this window had marked it unread before. */
  readonly #marks: number;
  /** What it was opened with has been cleared, or there was nothing. */
  #met = $state(false);
  #telling = $state(false);
  /** What was known when the server could not be told: without news it is not tried again. */
  #untold = $state('');

  constructor(acts: Acts, id: string) {
    this.#acts = acts;
    this.#marks = acts.marks(id);
  }

  /** Whether looking is to be told now, there is nothing to tell, or neither. `news`: of the row and the feed. */
  standing(row: Row, atEnd: boolean, news: string): 'due' | 'calm' | 'waits' {
    if (this.#telling || news === this.#untold) return 'waits';
    if (row.unread === 0) return 'calm';
    return this.#met && (row.marked_unread || !atEnd) ? 'waits' : 'due';
  }

  /** There is nothing that is new. */
  meet(): void {
    this.#met = true;
  }

  async look(row: Row, news: string): Promise<void> {
    // Marked by hand a moment ago: that is what they want.
    if (this.#acts.marks(row.id) !== this.#marks) return this.meet();
    this.#telling = true;
    const told = await this.#acts.read(row);
    this.#telling = false;
    if (told) this.meet();
    else this.#untold = news;
  }
}
