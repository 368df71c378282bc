import { patient } from '../../app/patient';
import { t } from '../../app/strings';
import type { Tab } from '../composer/desk.svelte';

/** The composer's other tab: words to colleagues. */
export const noteTab: Tab = {
  id: 'note',
  label: t('notes.tab'),
  shown: ({ row }) => row.may.includes('note'),
  load: patient(() => import('./NoteBox.svelte')),
};
