const KEY = 'porchlight.reloaded';

/** Parts that do not come: how many are waited for, and whether a server that answers has them no more. */
export const parts = $state({ missing: 0, gone: false });

/** Fields that somebody has typed into or chosen from. */
const typed = new WeakSet<EventTarget>();

/** Whether this tab was loaded again for a missing part of that build already. Without storage: yes, or it never ends. */
function reloadedFor(build: string): boolean {
  try {
    return sessionStorage.getItem(KEY) === build;
  } catch {
    return true;
  }
}

/** Whether somebody writes just now, or has left a form half filled in: nothing is loaded again under their hand. */
const writing = () =>
  [...document.querySelectorAll<HTMLInputElement>('input, textarea, select')].some(
    (field) =>
      field === document.activeElement || (typed.has(field) && (field.value || field.closest('dialog'))),
  );

/** Loads the page again, once for each build; says that a part is gone where that may not be, or has not helped. */
function reloadFor(build: string): void {
  if (writing() || reloadedFor(build)) parts.gone = true;
  else {
    sessionStorage.setItem(KEY, build);
    location.reload();
  }
}

/**
 * A release replaced the files that this page would load later: takes the new page, once. A server that does not answer
 * is no release: loading the page again would only lose it.
 */
export function watchParts(build: string): void {
  addEventListener('input', ({ target }) => target && typed.add(target), true);
  addEventListener('vite:preloadError', () => {
    fetch(location.href, { method: 'HEAD', cache: 'no-store' })
      // It may have come meanwhile.
      .then(({ ok }) => ok && parts.missing && reloadFor(build))
      .catch(() => undefined);
  });
}
