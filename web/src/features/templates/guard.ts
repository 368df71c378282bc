import { answer, api } from '../../api/client';
import type { Template, TemplateVariable } from '../../api/types';
import { patient } from '../../app/patient';
import { sheet } from '../../app/sheet.svelte';
import type { Desk } from '../composer/desk.svelte';
import { declined, listed, ours, slashOf, wordOf } from './braces';
import { knownLibrary } from './library.svelte';
import { take } from './take';

const dialog = patient(() => import('./UnfilledDialog.svelte'));

interface Known {
  templates: readonly Template[] | null;
  variables: readonly TemplateVariable[];
}

async function known(): Promise<Known | null> {
  const library = knownLibrary();
  await library?.load();
  return library?.templates ? library : answer(api.GET('/api/templates')).catch(() => null);
}

/**
 * Whether a text may leave. What stands for something of ours and was not filled in is asked about; a shortcut alone was
 * typed for its template, unless its menu was closed. Whoever was faster than that menu has the template all the same.
 */
export async function ask(text: string, desk: Desk): Promise<boolean> {
  const all = await known();
  if (slashOf(text) === text) {
    // They write on: then it is no shortcut alone any more.
    if (desk.draft.text !== text) return false;
    const word = wordOf(text);
    const one = declined.has(word) ? null : all?.templates?.find(({ shortcut }) => shortcut === word);
    if (one) await take(desk, one, text);
    return !one;
  }
  const holes = ours(text, all?.variables ?? []);
  if (holes.length === 0) return true;
  return new Promise((say) => sheet.open(dialog, { names: listed(holes), answer: say }));
}
