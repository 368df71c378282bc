// What stands in the composer besides the words: each is one line here, and a file of its own that is fetched when it is
// first opened. CONTRIBUTING has an example of each.
import { patient } from '../../app/patient';
import { t } from '../../app/strings';
import { waiting } from '../dictation/waiting.svelte';
import { noteTab } from '../notes/tab';
import type { Aid, Ask, Strip, Tab, Tool } from './desk.svelte';

const dictation = patient(() => import('../dictation/DictationPanel.svelte'));
const templates = patient(() => import('../templates/writing'));
const later = patient(() => import('../later/schedule'));
const attach = patient(() => import('../files/AttachPanel.svelte'));
const quick = patient(() => import('../quick/QuickStrip.svelte'));
const attached = patient(() => import('../files/AttachedRow.svelte'));

export const tools: readonly Tool[] = [
  { id: 'attach', label: t('attach.tool'), icon: 'clip', panel: attach },
  {
    id: 'template',
    label: t('templates.tool'),
    icon: 'doc',
    key: 'T',
    shown: ({ row }) => row.may.includes('write'),
    act: (desk) => void templates().then(({ open }) => open(desk)),
  },
  { id: 'dictate', label: t('dictate.tool'), icon: 'mic', key: 'D', near: true, panel: dictation },
  {
    id: 'later',
    label: t('later.scheduleMore'),
    icon: 'clock',
    act: (desk) => void later().then(({ schedule }) => schedule(desk)),
  },
];
export const strips: readonly Strip[] = [
  {
    id: 'files',
    shown: ({ draft: { bag } }) => bag !== null && bag.items.length + bag.lost.length > 0,
    load: attached,
  },
  {
    id: 'braces',
    shown: ({ draft }) => draft.text.includes('{{'),
    load: () => templates().then(({ braces }) => braces()),
  },
  {
    id: 'dictation',
    shown: ({ thread, tool }) => tool?.id !== 'dictate' && waiting.has(thread.id),
    load: dictation,
  },
  { id: 'quick', below: true, shown: ({ row }) => row.may.includes('write'), load: quick },
];
export const aids: readonly Aid[] = [
  {
    id: 'slash',
    when: (before) => /^\/[\p{L}\p{N}_-]*$/u.test(before),
    load: () => templates().then(({ slash }) => slash()),
  },
];
export const tabs: readonly Tab[] = [noteTab];
export const asks: readonly Ask[] = [
  // What was not filled in, and a shortcut alone.
  (text, desk) => !/\{\{|^\/\S+$/.test(text) || templates().then(({ ask }) => ask(text, desk)),
  (_, { draft }) => draft.bag?.mayLeave() ?? true,
];
