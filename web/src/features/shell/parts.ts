// The thread and the panel beside it are files of their own: the list does not wait for them. They are fetched when the
// address names a thread, or when somebody reaches for one.
export const threadPart = patient(() => import('../thread/ThreadPane.svelte'));
export const sidePart = patient(() => import('../customer/SidePane.svelte'));
export const emptyPart = patient(() => import('../conversations/EmptyList.svelte'));

const AGAIN_MS = 1500;

/** A part that cannot be fetched now is fetched when the server is back: nobody has to load the page again. */
function patient<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    for (;;) {
      try {
        return await load();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  };
}

let reached = false;

/** A row is pointed at or stood on: what opening it needs is fetched now. */
export function reachForThread(): void {
  if (reached) return;
  reached = true;
  void threadPart();
  void sidePart();
}
