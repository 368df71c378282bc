// The thread and the panel beside it are files of their own: the list does not wait for them. They are fetched when the
// address names a thread, or when somebody reaches for one; what only answers to a hand, with the first touch.
export const threadPart = patient(() => import('../thread/ThreadPane.svelte'));
export const sidePart = patient(() => import('../customer/SidePane.svelte'));
export const keysPart = patient(() => import('../keys/commands'));
export const tipsPart = patient(() => import('../../app/Tips.svelte'));
export const emptyPart = patient(() => import('../conversations/EmptyList.svelte'));

const AGAIN_MS = 1500;
let mending: Promise<void> | null = null;

/** A part that cannot be fetched now is fetched when the server is back: nobody has to load the page again. */
function patient<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    for (let tries = 0; ; tries++) {
      try {
        if (tries > 0) await (mending ??= mendStyles().finally(() => (mending = null)));
        return await load();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  };
}

/** A style sheet that did not come is there all the same, but not to be read. */
function missing({ sheet }: HTMLLinkElement): boolean {
  try {
    return !sheet?.cssRules.length;
  } catch {
    return true;
  }
}

/** Vite asks for a part's style sheet once; one that did not come is asked for here, before the part is drawn. */
async function mendStyles(): Promise<void> {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')];
  const again = (link: HTMLLinkElement) =>
    new Promise((resolve, reject) => {
      const fresh = link.cloneNode() as HTMLLinkElement;
      fresh.onload = resolve;
      fresh.onerror = reject;
      link.replaceWith(fresh);
    });
  await Promise.all(links.filter(missing).map(again));
}

let reached = false;

/** A row is pointed at or stood on: what opening it needs is fetched now. */
export function reachForThread(): void {
  if (reached) return;
  reached = true;
  void threadPart();
  void sidePart();
}
