// What can be done with the conversation that is open, in the order of its bar and its menu. A new entry is a line here.
import type { Row } from '../../api/types';
import type { IconName } from '../../app/Icon.svelte';
import { sheet } from '../../app/sheet.svelte';
import { t } from '../../app/strings';
import type { Acts } from '../acts/acts.svelte';
import type { Conversations } from '../conversations/conversations.svelte';
import { panel } from '../customer/panel.svelte';
import { snoozeAsked } from '../later/open';
import type { Viewer } from '../session/viewer.svelte';
import type { Toasts } from '../toasts/toasts.svelte';
import { blockPart, unblockPart } from '../wrong/parts';
import { copyLink } from './link';

export interface Around {
  row: Row;
  viewer: Viewer;
  acts: Acts;
  toasts: Toasts;
  conversations: Conversations;
  phone: boolean;
}

/** In the menu behind the dots; with `tip` it has a button of its own in the bar, where there is room. */
export interface Entry {
  label: string;
  icon: IconName;
  key?: string;
  tip?: string;
  run: () => void;
}

const may = ({ viewer, row }: Around, act: Row['may'][number]) => viewer.mayWith(row, act);

export const entries: readonly ((around: Around) => Entry | false)[] = [
  ({ phone }) => phone && { label: t('customer.panel'), icon: 'person', run: () => panel.open() },
  (around) =>
    may(around, 'settle') && {
      label: t('command.done'),
      icon: 'okc',
      tip: t('thread.done'),
      run: () => around.acts.done(around.row),
    },
  (around) =>
    around.phone &&
    may(around, 'assign') && {
      label: t('command.assign'),
      icon: 'assign',
      run: () => (around.acts.assigning = true),
    },
  ({ row, acts }) => ({
    label: row.pinned ? t('command.unpin') : t('command.pin'),
    icon: 'pin',
    key: 'p',
    run: () => acts.pin(row),
  }),
  (around) =>
    may(around, 'snooze') && {
      label: t('later.snoozeMore'),
      icon: 'clock',
      key: 'h',
      run: () => snoozeAsked(around.row),
    },
  ({ row, acts }) => ({
    label: t('thread.markUnread'),
    icon: 'unread',
    key: 'u',
    run: () => acts.unread(row),
  }),
  (around) =>
    may(around, 'close') &&
    around.row.state === 'open' && {
      label: t('thread.close'),
      icon: 'archive',
      run: () => around.acts.askClose(around.row),
    },
  (around) =>
    may(around, 'reopen') &&
    around.row.state === 'closed' && {
      label: t('thread.reopen'),
      icon: 'inbox',
      run: () => around.acts.reopen(around.row),
    },
  (around) =>
    may(around, 'block') && {
      label: around.row.blocked ? t('block.undoEntry') : t('block.entry'),
      icon: 'minus',
      run: () =>
        around.row.blocked
          ? void unblockPart().then(({ unblock }) => unblock(around, around.row))
          : sheet.open(blockPart, { row: around.row }),
    },
  ({ row, toasts }) => ({
    label: t('thread.copyLink'),
    icon: 'link',
    run: () => void copyLink(toasts, row.id),
  }),
];
