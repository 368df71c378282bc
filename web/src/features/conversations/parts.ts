// The thread and the panel beside it are files of their own: the list does not wait for them. They are fetched when the
// address names a thread, or when somebody reaches for one.
import { patient } from '../../app/patient';

export const threadPart = patient(() => import('../thread/ThreadPane.svelte'));
export const sidePart = patient(() => import('../customer/SidePane.svelte'));
export const pickPart = patient(() => import('../thread/PickPane.svelte'));
export const emptyPart = patient(() => import('./EmptyList.svelte'));
export const unsentPart = patient(() => import('../unsent/UnsentLine.svelte'));
/** What selecting needs. */
export const bulkPart = patient(() => import('../bulk/part'));
export const internalPart = patient(() => import('../internal/InternalPane.svelte'));
export const closePart = patient(() => import('../acts/CloseDialog.svelte'));

let reached = false;

/** A row is pointed at or stood on: what opening it needs is fetched now. */
export function reachForThread(): void {
  if (reached) return;
  reached = true;
  void threadPart();
  void sidePart();
}
