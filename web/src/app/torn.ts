const KEY = 'porchlight.reloaded';

/** Whether this tab was loaded again for a missing part of that build already. Without storage: yes, or it never ends. */
export function reloadedFor(build: string): boolean {
  try {
    return sessionStorage.getItem(KEY) === build;
  } catch {
    return true;
  }
}

/** Whether somebody writes just now: nothing is loaded again under their hand. */
export const writing = () => document.activeElement?.matches('input, textarea') ?? false;

/** Loads the page again, once for each build. */
export function reloadFor(build: string): void {
  if (writing() || reloadedFor(build)) return;
  sessionStorage.setItem(KEY, build);
  location.reload();
}
