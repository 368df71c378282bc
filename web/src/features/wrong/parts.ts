// What went wrong is fetched when it has: the dialog of a failed text, what stands where texts do not reach, blocking.
import { patient } from '../../app/patient';

export const wrongPart = patient(() => import('./FailureDialog.svelte'));
export const blockPart = patient(() => import('./BlockDialog.svelte'));
export const unblockPart = patient(() => import('./block'));
export const waysPart = patient(() => import('./OtherWays.svelte'));
