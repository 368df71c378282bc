// The thread and the panel beside it are files of their own: the list does not wait for them. They are fetched when the
// address names a thread, or when somebody reaches for one.
export const threadPart = () => import('../thread/ThreadPane.svelte');
export const sidePart = () => import('../customer/SidePane.svelte');

let fetched = false;

/** A row is pointed at or stood on: what opening it needs is fetched now. */
export function reachForThread(): void {
  if (fetched) return;
  fetched = true;
  void Promise.all([threadPart(), sidePart()]).catch(() => (fetched = false));
}
