import { answer, api } from '../../api/client';
import type { NoteReader } from '../../api/types';
import { matching, mentioned, typedName, unknown, type Named } from './mentions';

const MOST = 8;
const AGAIN_MS = 2000;

/** Somebody, and what of a note they would see. */
export type Colleague = NoteReader & Named;

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
  /** Who wrote in the thread, or was named there. */
  readonly #met: () => readonly Named[];
  /** Who worked here when that was asked before. */
  #had: readonly Named[] = [];

  constructor(thread: string, me: string, met: () => readonly Named[]) {
    [this.#thread, this.#me, this.#met] = [thread, me, met];
  }

  /** Who would read it is asked anew with each name that is typed, until there is an answer. */
  ask(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const load = async (): Promise<void> => {
      const params = { path: { id: this.#thread } };
      const told = await answer(api.GET('/api/conversations/{id}/readers', { params })).catch(() => null);
      if (told) this.#take(told.readers);
      else if (!ended) timer = setTimeout(() => void load(), AGAIN_MS);
    };
    void load();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }

  #take(readers: readonly NoteReader[]): void {
    this.#had = this.people;
    this.readers = readers;
  }

  /** Everybody who can be meant, also those who are known to work here no more. */
  readonly people = $derived.by((): readonly Colleague[] => {
    const { readers } = this;
    if (!readers) return [];
    const works = new Set(readers.map(({ id }) => id));
    const left = new Map([...this.#had, ...this.#met()].map(({ id, name }) => [id, name]));
    const gone = [...left].filter(([id]) => !works.has(id));
    return [...readers, ...gone.map(([id, name]) => ({ id, name, reads: 'none', left: true }) as const)];
  });
  /** A name may be in it, and nobody knows whose. */
  readonly waits = $derived(this.readers === null && unknown(this.text, []).length > 0);
  readonly named = $derived.by(() => {
    const ids = mentioned(this.text, this.people);
    return this.people.filter(({ id }) => ids.includes(id));
  });
  readonly typed = $derived(typedName(this.text.slice(0, this.caret)));
  readonly typing = $derived(this.typed !== null);
  /** Called by a name that nobody has; not the one that is being typed. */
  readonly nobody = $derived(
    this.readers ? unknown(this.text, this.people).filter(({ at }) => at !== this.typed?.at) : [],
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
