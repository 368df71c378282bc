// All that selecting needs, fetched when somebody first selects.
import type { ConversationList } from '../conversations/list.svelte';
import { bulk } from './bulk.svelte';
import { everything, Selection, toggled } from './selection';

export { default as BulkBar } from './BulkBar.svelte';

/** Selects one more, or one less; with `range` all up to it. */
export function pick(list: ConversationList, id: string, range = false): void {
  if (bulk.busy) return begin(list);
  bulk.left = [];
  list.picked = toggled(list, id, range);
  list.cursor = id;
}

/** Rows are selected by a touch from now on. */
export function begin(list: ConversationList): void {
  list.picked ??= new Selection();
}

/** All of the list. */
export function pickAll(list: ConversationList): void {
  if (bulk.busy) begin(list);
  else list.picked = everything(list);
}
