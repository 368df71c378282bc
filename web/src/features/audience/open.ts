import { sheet } from '../../app/sheet.svelte';

/** The list of those who see a conversation. */
export const openAudience = (id: string): void => sheet.open(() => import('./AudienceDialog.svelte'), { id });
