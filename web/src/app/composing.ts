// The one place for keys during composition: what is pressed while an input method (Japanese, Chinese, Korean, dead keys)
// makes a word belongs to that method, and nothing in the window hears it.

/** Safari ends the composition before it tells of the key that ended it; its code alone tells then. */
const IN_COMPOSITION = 229;

/** What the browser itself would do with it: send a form, close a dialog, empty a field. A line break is text. */
function acts({ key, target }: KeyboardEvent): boolean {
  return key === 'Escape' || (key === 'Enter' && target instanceof HTMLInputElement);
}

function keep(event: KeyboardEvent): void {
  if (!event.isComposing && event.keyCode !== IN_COMPOSITION) return;
  event.stopImmediatePropagation();
  if (acts(event)) event.preventDefault();
}

for (const type of ['keydown', 'keyup'] as const) addEventListener(type, keep, { capture: true });
