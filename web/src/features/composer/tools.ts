// What stands in the composer besides the words: each is one line here, and a file of its own that is fetched when it is
// first opened. CONTRIBUTING has an example of each.
import { patient } from '../../app/patient';
import { t } from '../../app/strings';
import { waiting } from '../dictation/waiting.svelte';
import { scheduleAsked } from '../later/open';
import type { Aid, Strip, Tab, Tool } from './desk.svelte';

const dictation = patient(() => import('../dictation/DictationPanel.svelte'));

export const tools: readonly Tool[] = [
  { id: 'dictate', label: t('dictate.tool'), icon: 'mic', key: 'D', near: true, panel: dictation },
  {
    id: 'later',
    label: t('later.scheduleMore'),
    icon: 'clock',
    act: (desk) => (desk.draft.text.trim() === '' ? desk.focus() : scheduleAsked(desk.row)),
  },
];
export const strips: readonly Strip[] = [
  {
    id: 'dictation',
    shown: ({ thread, tool }) => tool?.id !== 'dictate' && waiting.has(thread.id),
    load: dictation,
  },
];
export const aids: readonly Aid[] = [];
export const tabs: readonly Tab[] = [];
