import type { ConversationList } from '../conversations/list.svelte';

/** What is selected in the list: these, or all that it shows. What leaves the list stays selected. */
export class Selection {
  readonly ids: ReadonlySet<string>;
  readonly all: boolean;
  /** Where a range begins. */
  readonly last: string | null;

  constructor(ids: Iterable<string> = [], { all = false, last = null as string | null } = {}) {
    this.ids = new Set(ids);
    this.all = all;
    this.last = last;
  }

  has(id: string): boolean {
    return this.all || this.ids.has(id);
  }

  get isEmpty(): boolean {
    return !this.all && this.ids.size === 0;
  }
}

const idsOf = (list: ConversationList) => list.rows.map(({ id }) => id);

/** What is selected; of all, those that are known by name. */
export const current = (list: ConversationList): Selection =>
  list.picked instanceof Selection ? list.picked : new Selection();

/** One more or one less; or all from the last one to this. */
export function toggled(list: ConversationList, id: string, range: boolean): Selection | null {
  const was = current(list);
  const rows = idsOf(list);
  const ids = new Set(was.all ? rows : was.ids);
  const [from, to] = [rows.indexOf(was.last ?? ''), rows.indexOf(id)].sort((a, b) => a - b);
  if (range && from !== undefined && to !== undefined && from >= 0) {
    for (const one of rows.slice(from, to + 1)) ids.add(one);
  } else if (ids.has(id)) ids.delete(id);
  else ids.add(id);
  return ids.size > 0 ? new Selection(ids, { last: id }) : null;
}

/** All of the list: all that its filter shows, and of a search what was found. */
export const everything = (list: ConversationList): Selection =>
  list.query.q ? new Selection(idsOf(list)) : new Selection(idsOf(list), { all: true });
