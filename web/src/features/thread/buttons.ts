// What of the thread's menu has a button of its own in the bar, where there is room: here from the start.
import type { Row } from '../../api/types';
import type { IconName } from '../../app/Icon.svelte';
import { t } from '../../app/strings';
import type { Acts } from '../acts/acts.svelte';
import type { Conversations } from '../conversations/conversations.svelte';
import { finding } from '../finding/finding.svelte';
import type { Viewer } from '../session/viewer.svelte';
import type { Toasts } from '../toasts/toasts.svelte';

export interface Around {
  row: Row;
  viewer: Viewer;
  acts: Acts;
  toasts: Toasts;
  conversations: Conversations;
  /** There is no room for buttons. */
  slim: boolean;
}

/** In the menu behind the dots; with `tip` it has a button of its own in the bar, where there is room. */
export interface Entry {
  label: string;
  icon: IconName;
  key?: string;
  tip?: string;
  run: () => void;
}

export const may = ({ viewer, row }: Around, act: Row['may'][number]): boolean => viewer.mayWith(row, act);

export const done = (around: Around): Entry | false =>
  may(around, 'settle') && {
    label: t('command.done'),
    icon: 'okc',
    tip: t('thread.done'),
    run: () => around.acts.done(around.row),
  };

export const find = (): Entry => ({
  label: t('finding.title'),
  icon: 'search',
  key: 'f',
  tip: t('finding.title'),
  run: () => finding.show('words'),
});
