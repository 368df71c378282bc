import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { TimelineEntry } from '../../api/types';

/** What happened with a contact point, newest first, as far back as somebody has asked. */
export class Activity {
  readonly #contact: string;
  /** Of answers that overtake each other, the one to the last question counts. */
  #turn = 0;
  #next: string | null = null;
  entries = $state.raw<TimelineEntry[] | null>(null);
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);

  constructor(contact: string) {
    this.#contact = contact;
  }

  get more(): boolean {
    return this.#next !== null;
  }

  /** The newest page; what stands further down is asked for again by whoever wants it. */
  load(): Promise<void> {
    return this.#ask(null);
  }

  /** What was before. */
  earlier(): Promise<void> {
    return this.#ask(this.#next);
  }

  async #ask(cursor: string | null): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    this.failure = null;
    try {
      const page = await answer(
        api.GET('/api/contacts/{contact}/timeline', {
          params: { path: { contact: this.#contact }, query: cursor === null ? {} : { cursor } },
        }),
      );
      if (turn !== this.#turn) return;
      const told = cursor === null ? [] : (this.entries ?? []);
      const known = new Set(told.map(({ id }) => id));
      this.#next = page.next_cursor;
      this.entries = [...told, ...page.entries.filter(({ id }) => !known.has(id))];
    } catch (cause) {
      if (turn === this.#turn) this.failure = Failure.from(cause);
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}
