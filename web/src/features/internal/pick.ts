import { patient } from '../../app/patient';
import { sheet } from '../../app/sheet.svelte';

const part = patient(() => import('./PickColleague.svelte'));

/** Whom to write to, over whatever is open. */
export const pickColleague = (): void => sheet.open(part, {});
