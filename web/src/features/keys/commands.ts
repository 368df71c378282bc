import type { Row } from '../../api/types';
import type { IconName } from '../../app/Icon.svelte';
import { preferences } from '../../app/preferences.svelte';
import { router } from '../../app/router.svelte';
import { t } from '../../app/strings';
import { FILTERS, type Query } from '../conversations/rules';
import { session } from '../session/session.svelte';
import type { Inbox } from '../session/inbox.svelte';
import { shell } from '../shell/shell.svelte';

export interface Command {
  id: string;
  label: string;
  note?: string;
  icon: IconName;
  /** The single key, as it is shown; `event.key` in lower case. */
  key?: string;
  /** On one line of the palette with its opposite, while nothing is looked for. */
  pair?: { label: string; key: string };
  /** That opposite. */
  paired?: boolean;
  scope: 'here' | 'list' | 'anywhere';
  run: () => void;
}

const FILTER_NAMES = {
  all: 'list.all',
  active: 'list.active',
  attention: 'list.attentionFilter',
  leads: 'list.leads',
  archived: 'list.archived',
} as const;

/** Everything that can be done now. The palette, the keys and the help sheet all read this list. */
export function commands(inbox: Inbox): Command[] {
  const { route } = router;
  const row = route.page === 'conversations' && route.id ? inbox.conversations.get(route.id) : undefined;
  return [...(row ? here(inbox, row) : []), ...inList(inbox), ...anywhere(inbox)];
}

function here(inbox: Inbox, row: Row): Command[] {
  const { acts } = inbox;
  const office = inbox.me?.role !== 'technician';
  const list: (Command | false)[] = [
    {
      id: 'reply',
      label: t('command.reply'),
      icon: 'bubble',
      key: 'r',
      scope: 'here',
      run: () => shell.focusComposer(),
    },
    office && {
      id: 'done',
      label: t('command.done'),
      icon: 'okc',
      key: 'e',
      scope: 'here',
      run: () => acts.done(row),
    },
    office && {
      id: 'assign',
      label: t('command.assign'),
      ...(row.assignee && { note: t('command.assignNow', { name: row.assignee.name }) }),
      icon: 'assign',
      key: 'a',
      scope: 'here',
      run: () => shell.openAssign(),
    },
    {
      id: 'unread',
      label: t('command.unread'),
      icon: 'unread',
      key: 'u',
      scope: 'here',
      run: () => shell.markUnread(inbox, row),
    },
    office &&
      row.state === 'open' && {
        id: 'close',
        label: t('command.close'),
        icon: 'archive',
        scope: 'here',
        run: () => shell.askClose(inbox, row),
      },
    office &&
      row.state === 'closed' && {
        id: 'reopen',
        label: t('command.reopen'),
        icon: 'inbox',
        scope: 'here',
        run: () => acts.reopen(row),
      },
    {
      id: 'panel',
      label: t('command.panel'),
      icon: 'panel',
      key: ']',
      scope: 'here',
      run: () => shell.togglePanel(),
    },
    {
      id: 'link',
      label: t('command.copyLink'),
      icon: 'link',
      scope: 'here',
      run: () => void shell.copyLink(inbox, row.id),
    },
  ];
  return list.filter((command) => command !== false);
}

function inList(inbox: Inbox): Command[] {
  const show = (change: Partial<Query>) => () => inbox.show({ ...inbox.list.query, ...change });
  const moves: Command[] = [
    {
      id: 'next',
      label: t('command.next'),
      icon: 'down',
      key: 'j',
      pair: { label: t('command.nextPrevious'), key: 'k' },
      scope: 'list',
      run: () => shell.step(1),
    },
    {
      id: 'previous',
      label: t('command.previous'),
      icon: 'above',
      key: 'k',
      paired: true,
      scope: 'list',
      run: () => shell.step(-1),
    },
    {
      id: 'search',
      label: t('command.search'),
      icon: 'search',
      key: '/',
      scope: 'list',
      run: () => shell.focusSearch(inbox),
    },
  ];
  if (inbox.me?.role === 'technician') return moves;
  const assigned = { '': t('list.anyone'), me: t('list.mine'), none: t('list.none') };
  return [
    ...moves,
    ...FILTERS.map((filter): Command => ({
      id: `filter-${filter}`,
      label: t('command.filter', { name: t(FILTER_NAMES[filter]) }),
      icon: 'inbox',
      scope: 'list',
      run: show({ filter }),
    })),
    {
      id: 'sort-recent',
      label: t('command.sort', { name: t('list.recent') }),
      icon: 'sort',
      scope: 'list',
      run: show({ sort: 'recent' }),
    },
    {
      id: 'sort-waiting',
      label: t('command.sort', { name: t('list.waiting') }),
      icon: 'sort',
      scope: 'list',
      run: show({ sort: 'waiting' }),
    },
    ...Object.entries(assigned).map(([id, name]): Command => ({
      id: `assigned-${id}`,
      label: t('command.assigned', { name }),
      icon: 'person',
      scope: 'list',
      run: show({ assigned: id }),
    })),
  ];
}

function anywhere(inbox: Inbox): Command[] {
  const undo: Command = {
    id: 'undo',
    label: t('command.undo'),
    icon: 'undo',
    key: 'z',
    scope: 'anywhere',
    run: () => inbox.toasts.undo(),
  };
  return [
    ...(inbox.toasts.undoable ? [undo] : []),
    {
      id: 'help',
      label: t('command.help'),
      note: preferences.singleKeys ? t('command.keysOff') : t('command.keysOn'),
      icon: 'keyboard',
      key: '?',
      scope: 'anywhere',
      run: () => shell.openHelp(),
    },
    {
      id: 'conversations',
      label: t('nav.conversations'),
      icon: 'chats',
      scope: 'anywhere',
      run: () => shell.home(inbox),
    },
    { id: 'me', label: t('command.me'), icon: 'person', scope: 'anywhere', run: () => router.go('/me') },
    {
      id: 'sign-out',
      label: t('command.signOut'),
      icon: 'signout',
      scope: 'anywhere',
      run: () => void session.signOut(),
    },
  ];
}
