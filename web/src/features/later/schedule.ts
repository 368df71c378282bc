import { patient } from '../../app/patient';
import { sheet } from '../../app/sheet.svelte';
import { t } from '../../app/strings';
import type { Desk } from '../composer/desk.svelte';

const dialog = patient(() => import('./ScheduleDialog.svelte'));

/** What stands in the composer, with its files, is to go later: asked about first, as what goes at once is. */
export async function schedule(desk: Desk): Promise<void> {
  const { draft, toasts, row } = desk;
  const { text, bag } = draft;
  if (!draft.full) return desk.focus();
  // A message that waits for its time waits for nothing else.
  if (bag?.waits) return toasts.say('alert', t('later.filesComing'));
  if (!(await desk.mayLeave(text))) return;
  if (draft.text !== text) return schedule(desk);
  sheet.open(dialog, { row, text: text.trim(), files: bag?.pack() ?? null });
}
