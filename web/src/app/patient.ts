import { parts } from './torn.svelte';

const AGAIN_MS = 1500;
let mending: Promise<void> | null = null;

/** A part that cannot be fetched now is fetched when the server is back: nobody has to load the page again. */
export function patient<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    for (let tries = 0; ; tries++) {
      try {
        if (tries > 0) await (mending ??= mendStyles().finally(() => (mending = null)));
        const part = await load();
        if (tries > 0 && !--parts.missing) parts.gone = false;
        return part;
      } catch {
        if (!tries) parts.missing++;
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
