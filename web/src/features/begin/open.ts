import { patient } from '../../app/patient';
import { sheet } from '../../app/sheet.svelte';

const part = patient(() => import('./NewConversation.svelte'));

/** A conversation with somebody new, over whatever is open; with whom, where that is known. */
export const begin = (contact = '', name = ''): void => sheet.open(part, { to: { contact, name } });
