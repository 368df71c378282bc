// What templates add to the composer: a small file that knows where each of it is, fetched when the first is needed.
import { sheet } from '../../app/sheet.svelte';
import type { Desk } from '../composer/desk.svelte';

export const open = (desk: Desk): void => sheet.open(() => import('./TemplatesDialog.svelte'), { desk });
export const braces = () => import('./Braces.svelte');
export const slash = () => import('./Shortcuts.svelte');
export const ask = async (text: string): Promise<boolean> => (await import('./guard')).ask(text);
