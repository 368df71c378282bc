import { answer, api } from '../../api/client';
import type { NoteReader } from '../../api/types';
import { matching, mentioned, typedName, unknown } from './mentions';

const MOST = 8;
const AGAIN_MS = 2000;

/** Who is named in a note as it is written, and who could read it. */
export class Naming {
  /** Everybody who works here; nothing before they were asked for. */
  readers = $state.raw<readonly NoteReader[] | null>(null);
  text = $state('');
  caret = $state(0);
  /** The row of the menu that Enter takes. */
  at = $state(0);
  /** Where the mention begins whose menu was put away. */
  #dismissed = $state.raw<number | null>(null);
  readonly #me: string;
  readonly #thread: string;

  constructor(thread: string, me: string) {
    [this.#thread, this.#me] = [thread, me];
  }

  /** Who would read it is asked anew with each name that is typed, until there is an answer. */
  ask(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const load = async (): Promise<void> => {
      const params = { path: { id: this.#thread } };
      const told = await answer(api.GET('/api/conversations/{id}/readers', { params })).catch(() => null);
      if (told) this.readers = told.readers;
      else if (!ended) timer = setTimeout(() => void load(), AGAIN_MS);
    };
    void load();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }

  /** A name may be in it, and nobody knows whose. */
  readonly waits = $derived(this.readers === null && unknown(this.text, []).length > 0);
  readonly named = $derived.by(() => {
    const all = this.readers ?? [];
    const ids = mentioned(this.text, all);
    return all.filter(({ id }) => ids.includes(id));
  });
  readonly typed = $derived(typedName(this.text.slice(0, this.caret)));
  readonly typing = $derived(this.typed !== null);
  /** Called by a name that nobody has; not the one that is being typed. */
  readonly nobody = $derived(
    this.readers ? unknown(this.text, this.readers).filter(({ at }) => at !== this.typed?.at) : [],
  );
  readonly found = $derived.by(() => {
    const { typed } = this;
    if (!typed || /^\s/u.test(typed.part) || typed.at === this.#dismissed) return [];
    const others = (this.readers ?? []).filter(({ id }) => id !== this.#me);
    const found = matching(others, typed.part).slice(0, MOST);
    // A name that is typed out is no question any more.
    const name = typed.part.trim();
    return typed.part.includes(' ') && found.some((one) => one.name === name) ? [] : found;
  });

  write(text: string, caret: number): void {
    const before = this.typed?.part;
    [this.text, this.caret] = [text, caret];
    if (this.typed?.part !== before) this.at = 0;
  }

  move(by: number): void {
    this.at = (this.at + by + this.found.length) % this.found.length;
  }

  dismiss(): void {
    this.#dismissed = this.typed?.at ?? null;
  }
}
