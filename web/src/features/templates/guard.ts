import { answer, api } from '../../api/client';
import { sheet } from '../../app/sheet.svelte';
import { declined, listed, ours, shortcutOf } from './braces';
import { knownLibrary } from './library.svelte';

const read = () => answer(api.GET('/api/templates')).catch(() => null);

/**
 * Whether a text may leave. What stands for something of ours and was not filled in is asked about; a shortcut alone was
 * typed for its template, unless its menu was closed.
 */
export async function ask(text: string): Promise<boolean> {
  const library = knownLibrary();
  const known = library?.templates ? library : await read();
  const word = shortcutOf(text);
  if (word && !declined.has(word) && known?.templates?.some(({ shortcut }) => shortcut === word))
    return false;
  const holes = ours(text, known?.variables ?? []);
  if (holes.length === 0) return true;
  return new Promise((say) => {
    sheet.open(() => import('./UnfilledDialog.svelte'), { names: listed(holes), answer: say });
  });
}
