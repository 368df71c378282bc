import { tick } from 'svelte';

import type { Act, BulkWord, Row } from '../../api/types';
import type { Command } from '../../app/feature';
import type { IconName } from '../../app/Icon.svelte';
import { router } from '../../app/router.svelte';
import { t } from '../../app/strings';
import { getActs, type Acts } from '../acts/acts.svelte';
import type { Tool } from '../composer/desk.svelte';
import { composerFocus } from '../composer/focus';
import { tools } from '../composer/tools';
import { panel } from '../customer/panel.svelte';
import { finding } from '../finding/finding.svelte';
import { snoozeAsked } from '../later/open';
import { getViewer } from '../session/viewer.svelte';
import { copyLink } from '../thread/link';
import { getToasts, type Toasts } from '../toasts/toasts.svelte';
import { atConversations, named } from './address';
import { getConversations } from './conversations.svelte';
import { hands } from './hands';
import { getList, type ConversationList } from './list.svelte';
import { bulkPart } from './parts';
import { FILTERS, type Sort } from './rules';

const FILTER_NAMES = {
  all: t('list.all'),
  active: t('list.active'),
  attention: t('list.attentionFilter'),
  leads: t('list.leads'),
  archived: t('list.archived'),
};

/** What can be done with the conversation that is open, and with the list. */
export function commands(): () => Command[] {
  const [acts, all, list, toasts, viewer] = [
    getActs(),
    getConversations(),
    getList(),
    getToasts(),
    getViewer(),
  ];
  return () => {
    const row = all.get(named().id ?? '');
    const may = (act: Act) => viewer.mayWith(row, act);
    const many = list.picked && hands.many;
    return [
      ...moves(list),
      ...selecting(list, row),
      ...(many ? together(many) : []),
      reply(row),
      ...tools.flatMap((one) => tool(one)),
      ...(may('settle') && !many ? [done(acts, row)] : []),
      ...(may('assign') && !many ? [assign(acts, row)] : []),
      ...(may('snooze') && !many ? [snooze(row)] : []),
      ...(may('pin') ? [pin(acts, row)] : []),
      unread(acts, row),
      ...find(row),
      ...(row?.state === 'open' && may('close') ? [close(acts, row)] : []),
      ...(row?.state === 'closed' && may('reopen') ? [reopen(acts, row)] : []),
      beside(row),
      ...(row ? [linkTo(row, toasts)] : []),
      ...(viewer.may('browse') ? lists(list) : []),
      ...WRITING,
    ];
  };
}

const reply = (row: Row | undefined): Command => ({
  id: 'reply',
  label: t('command.reply'),
  icon: 'bubble',
  key: 'R',
  scope: 'here',
  run: row ? () => composerFocus.take() : null,
});

/** What the composer that is on the screen offers. */
function tool(one: Tool): Command[] {
  const { desk } = composerFocus;
  if (!desk || desk.shut || !(one.shown?.(desk) ?? true)) return [];
  const { id, label, icon, key } = one;
  return [{ id: `tool ${id}`, label, icon, ...(key && { key }), scope: 'here', run: () => desk.use(one) }];
}

const done = (acts: Acts, row: Row | undefined): Command => ({
  id: 'done',
  label: t('command.done'),
  icon: 'okc',
  key: 'E',
  scope: 'here',
  run: row ? () => acts.done(row) : null,
});

const assign = (acts: Acts, row: Row | undefined): Command => ({
  id: 'assign',
  label: t('command.assign'),
  ...(row?.assignee && { note: t('command.assignNow', { name: row.assignee.name }) }),
  icon: 'assign',
  key: 'A',
  scope: 'here',
  run: row ? () => (acts.assigning = true) : null,
});

const pin = (acts: Acts, row: Row | undefined): Command => ({
  id: 'pin',
  label: row?.pinned ? t('command.unpin') : t('command.pin'),
  icon: 'pin',
  key: 'P',
  scope: 'here',
  run: row ? () => acts.pin(row) : null,
});

const unread = (acts: Acts, row: Row | undefined): Command => ({
  id: 'unread',
  label: t('command.unread'),
  icon: 'unread',
  key: 'U',
  scope: 'here',
  run: row ? () => acts.unread(row) : null,
});

const snooze = (row: Row | undefined): Command => ({
  id: 'snooze',
  label: t('later.snoozeMore'),
  icon: 'moon',
  key: 'H',
  scope: 'here',
  run: row ? () => snoozeAsked(row) : null,
});

const find = (row: Row | undefined): Command[] => [
  {
    id: 'find',
    label: t('finding.title'),
    icon: 'search',
    key: 'F',
    scope: 'here',
    run: row ? () => finding.show('words') : null,
  },
  {
    id: 'day',
    label: t('finding.day'),
    icon: 'cal',
    scope: 'here',
    run: row ? () => finding.show('day') : null,
  },
  {
    id: 'note',
    label: t('notes.tab'),
    icon: 'lock',
    key: 'M',
    scope: 'here',
    run: row?.may.includes('note') ? () => note() : null,
  },
];

/** The composer's box for words to colleagues. */
function note(): void {
  if (composerFocus.desk) composerFocus.desk.tab = 'note';
  composerFocus.take();
}

const close = (acts: Acts, row: Row): Command => ({
  id: 'close',
  label: t('command.close'),
  icon: 'archive',
  scope: 'here',
  run: () => acts.askClose(row),
});

const reopen = (acts: Acts, row: Row): Command => ({
  id: 'reopen',
  label: t('command.reopen'),
  icon: 'inbox',
  scope: 'here',
  run: () => acts.reopen(row),
});

/** The customer's panel. */
const beside = (row: Row | undefined): Command => ({
  id: 'panel',
  label: t('command.panel'),
  icon: 'panel',
  key: ']',
  scope: 'here',
  run: row ? () => panel.toggle() : null,
});

const linkTo = (row: Row, toasts: Toasts): Command => ({
  id: 'link',
  label: t('command.copyLink'),
  icon: 'link',
  scope: 'here',
  run: () => void copyLink(toasts, row.id),
});

const moves = (list: ConversationList): Command[] => [
  {
    id: 'next',
    label: t('command.next'),
    icon: 'down',
    key: 'J',
    pair: { label: t('command.nextPrevious'), key: 'K' },
    scope: 'list',
    run: () => hands.step(1),
  },
  {
    id: 'previous',
    label: t('command.previous'),
    icon: 'above',
    key: 'K',
    paired: true,
    scope: 'list',
    run: () => hands.step(-1),
  },
  { id: 'open', label: t('command.open'), icon: 'right', key: 'Enter', scope: 'list', run: null },
  {
    id: 'search',
    label: t('command.search'),
    icon: 'search',
    key: '/',
    scope: 'list',
    run: () => search(list),
  },
];

/** The row that is stood on. */
const stoodOn = (list: ConversationList, row: Row | undefined) =>
  document.activeElement?.closest<HTMLElement>('[data-id]')?.dataset['id'] ?? list.cursor ?? row?.id;

function selecting(list: ConversationList, row: Row | undefined): Command[] {
  const run = () => {
    const id = stoodOn(list, row);
    void bulkPart().then((bulk) => (id ? bulk.pick(list, id) : bulk.begin(list)));
  };
  return [
    { id: 'select', label: t('bulk.key'), icon: 'check', key: 'X', scope: 'list', run },
    { id: 'range', label: t('bulk.range'), icon: 'check', key: 'Shift+Click', scope: 'list', run: null },
    { id: 'toggle', label: t('bulk.toggle'), icon: 'check', key: 'Ctrl+Click', scope: 'list', run: null },
    {
      id: 'select-all',
      label: t('bulk.allUnknown'),
      icon: 'checks',
      scope: 'list',
      run: () => void bulkPart().then((bulk) => bulk.pickAll(list)),
    },
  ];
}

/** What can be done with all that is selected. */
function together(many: (act: BulkWord) => void): Command[] {
  const command = (act: BulkWord, label: string, icon: IconName, key?: string): Command => ({
    id: `many-${act}`,
    label,
    icon,
    ...(key && { key }),
    scope: 'list',
    run: () => many(act),
  });
  return [
    command('done', t('bulk.commandDone'), 'okc', 'E'),
    command('close', t('bulk.commandClose'), 'archive'),
    command('assign', t('bulk.commandAssign'), 'assign', 'A'),
    command('snooze', t('bulk.commandSnooze'), 'moon', 'H'),
    command('read', t('bulk.commandRead'), 'eye'),
  ];
}

function search(list: ConversationList): void {
  if (!atConversations()) router.go(list.address);
  void tick().then(() => hands.search?.focus());
}

function lists(list: ConversationList): Command[] {
  const sorts = { recent: t('list.recent'), waiting: t('list.waiting') } as const;
  const assigned = { '': t('list.anyone'), me: t('list.mine'), none: t('list.none') };
  return [
    ...FILTERS.map((filter): Command => ({
      id: `filter-${filter}`,
      label: t('command.filter', { name: FILTER_NAMES[filter] }),
      icon: 'inbox',
      scope: 'list',
      run: () => list.choose({ filter }),
    })),
    ...Object.entries(sorts).map(([sort, name]): Command => ({
      id: `sort-${sort}`,
      label: t('command.sort', { name }),
      icon: 'sort',
      scope: 'list',
      run: () => list.choose({ sort: sort as Sort }),
    })),
    ...Object.entries(assigned).map(([who, name]): Command => ({
      id: `assigned-${who}`,
      label: t('command.assigned', { name }),
      icon: 'person',
      scope: 'list',
      run: () => list.choose({ assigned: who }),
    })),
  ];
}

/** Heard by the box itself. */
const WRITING: Command[] = [
  { id: 'enter', label: t('help.enter'), icon: 'up', key: 'Enter', scope: 'writing', run: null },
  { id: 'break', label: t('help.shiftEnter'), icon: 'down', key: 'Shift+Enter', scope: 'writing', run: null },
];
