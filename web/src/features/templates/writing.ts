// What templates add to the composer: a small file that knows where each of it is, fetched when the first is needed.
import { patient } from '../../app/patient';
import { sheet } from '../../app/sheet.svelte';
import type { Desk } from '../composer/desk.svelte';

const dialog = patient(() => import('./TemplatesDialog.svelte'));
const guard = patient(() => import('./guard'));

export const open = (desk: Desk): void => sheet.open(dialog, { desk });
export const braces = patient(() => import('./Braces.svelte'));
export const slash = patient(() => import('./Shortcuts.svelte'));
export const ask = async (text: string, desk: Desk): Promise<boolean> => (await guard()).ask(text, desk);
