// What can be done with the conversation that is open, in the order of its bar and its menu. A new entry is a line here;
// it comes with the first touch.
import { sheet } from '../../app/sheet.svelte';
import { t } from '../../app/strings';
import { panel } from '../customer/panel.svelte';
import { finding } from '../finding/finding.svelte';
import { snoozeAsked } from '../later/open';
import { blockPart, unblockPart } from '../wrong/parts';
import { done, find, may, type Around, type Entry } from './buttons';
import { copyLink } from './link';

export const entries: readonly ((around: Around) => Entry | false)[] = [
  ({ phone }) => phone && { label: t('customer.panel'), icon: 'person', run: () => panel.open() },
  done,
  (around) =>
    around.phone &&
    may(around, 'assign') && {
      label: t('command.assign'),
      icon: 'assign',
      run: () => (around.acts.assigning = true),
    },
  find,
  () => ({ label: t('finding.day'), icon: 'cal', run: () => finding.show('day') }),
  ({ row, acts }) => ({
    label: row.pinned ? t('command.unpin') : t('command.pin'),
    icon: 'pin',
    key: 'p',
    run: () => acts.pin(row),
  }),
  (around) =>
    may(around, 'snooze') && {
      label: around.row.snoozed_until ? t('later.unsnooze') : t('later.snoozeMore'),
      icon: 'clock',
      key: 'h',
      run: () => (around.row.snoozed_until ? around.acts.snooze(around.row, null) : snoozeAsked(around.row)),
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
