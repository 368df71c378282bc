// What can be done with the conversation that is open, in the order of its bar and its menu. A new entry is a line here;
// it comes with the first touch.
import type { MenuItem } from '../../app/MenuItems.svelte';
import { patient } from '../../app/patient';
import { sheet } from '../../app/sheet.svelte';
import { t } from '../../app/strings';
import { panel } from '../customer/panel.svelte';
import { isOff } from '../dayoff/off';
import { finding } from '../finding/finding.svelte';
import { snoozeAsked } from '../later/open';
import { blockPart, unblockPart } from '../wrong/parts';
import { done, find, may, type Around, type Entry } from './buttons';
import { copyLink } from './link';

const audiencePart = patient(() => import('../audience/open'));
const handPart = patient(() => import('../internal/HandDialog.svelte'));
const onlyPart = patient(() => import('../internal/officeOnly'));

const entries: readonly ((around: Around) => Entry | false)[] = [
  ({ slim }) => slim && { label: t('customer.panel'), icon: 'person', run: () => panel.open() },
  done,
  (around) =>
    around.slim &&
    may(around, 'assign') && {
      label: t('command.assign'),
      icon: 'assign',
      run: () => (around.acts.assigning = true),
    },
  find,
  ({ row }) => ({
    label: t('audience.open'),
    icon: 'eye',
    run: () => void audiencePart().then(({ openAudience }) => openAudience(row.id)),
  }),
  () => ({ label: t('finding.day'), icon: 'cal', run: () => finding.show('day') }),
  (around) =>
    may(around, 'pin') && {
      label: around.row.pinned ? t('command.unpin') : t('command.pin'),
      icon: 'pin',
      key: 'p',
      run: () => around.acts.pin(around.row),
    },
  (around) =>
    may(around, 'snooze') && {
      label: t('later.snoozeMore'),
      icon: 'moon',
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
  (around) =>
    may(around, 'need_person') &&
    !around.viewer.may('browse') && {
      label: t('hand.entry'),
      icon: 'flag',
      run: () => sheet.open(handPart, { row: around.row }),
    },
  (around) =>
    may(around, 'restrict') && {
      label: around.row.office_only ? t('hand.notOnly') : t('hand.only'),
      icon: 'lock',
      run: () => void onlyPart().then(({ turnOfficeOnly }) => turnOfficeOnly(around)),
    },
  ({ row, toasts }) => ({
    label: t('thread.copyLink'),
    icon: 'link',
    run: () => void copyLink(toasts, row.id),
  }),
];

/** What stands behind the dots: what has no button beside them. */
export const menu = (around: Around): MenuItem[] =>
  entries
    .map((entry) => entry(around))
    .filter((entry): entry is Entry => entry !== false && (around.slim || !entry.tip));

/** Whose the conversation can be. */
export function staff({ row, viewer, acts }: Around): MenuItem[] {
  const { me } = viewer;
  if (!me) return [];
  const people = [{ id: me.id, name: me.name }, ...me.staff.filter(({ id }) => id !== me.id)];
  const assign = (person: { id: string; name: string } | null) => () => acts.assign(row, person, me.id);
  const called = (person: { id: string; name: string }) => {
    if (person.id === me.id) return t('acts.me', { name: person.name });
    const off = me.staff.some((one) => one.id === person.id && isOff(one));
    return off ? t('dayoff.named', { name: person.name }) : person.name;
  };
  return [
    ...people.map((person) => ({
      label: called(person),
      checked: row.assignee?.id === person.id,
      run: assign({ id: person.id, name: person.name }),
    })),
    { label: t('thread.unassigned'), checked: row.assignee === null, run: assign(null) },
  ];
}
