import { answer, api } from '../../api/client';
import type { Template, TemplateVariable } from '../../api/types';
import { patient } from '../../app/patient';
import { sheet } from '../../app/sheet.svelte';
import type { Desk } from '../composer/desk.svelte';
import { declined, listed, ours, slashOf, wordOf } from './braces';
import { knownLibrary } from './library.svelte';
import { take } from './take';
import type UnfilledDialog from './UnfilledDialog.svelte';

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
  const names = holes(text, all);
  return names === '' || new Promise((say) => sheet.open(dialog, { names, answer: say }));
}

const holes = (text: string, all: Known | null): string => listed(ours(text, all?.variables ?? []));

/** The question of what was not filled in, drawn by a dialog that stays open beneath it. */
export interface Asked {
  part: typeof UnfilledDialog;
  names: string;
  answer: (yes: boolean) => void;
}

/** Whether what is written in a dialog may leave. What was written meanwhile is asked about too. */
export async function mayLeave(written: () => string, show: (asked: Asked) => void): Promise<boolean> {
  const text = written();
  const names = holes(text, await known());
  if (names !== '') {
    const { default: part } = await dialog();
    if (!(await new Promise<boolean>((answer) => show({ part, names, answer })))) return false;
  }
  return written() === text || mayLeave(written, show);
}
