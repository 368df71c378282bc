import { firstName, threadName } from '../../app/format';
import { preferences } from '../../app/preferences.svelte';
import { router } from '../../app/router.svelte';
import { t } from '../../app/strings';
import type { Desk } from '../composer/desk.svelte';
import { composerFocus } from '../composer/focus';
import type { Toasts } from '../toasts/toasts.svelte';
import { Dictation } from './dictation.svelte';

/** What each person dictates to each conversation, as long as the window is open. */
const all = new Map<string, Dictation>();

export function dictationOf(desk: Desk, toasts: Toasts): Dictation {
  const key = `${preferences.person}/${desk.thread.id}`;
  const found = all.get(key) ?? new Dictation(desk.thread.id, (text) => place(desk, text, toasts));
  all.set(key, found);
  return found;
}

/** Where the cursor stands; while the reply is not on the screen, at the end of its draft. */
function place(from: Desk, text: string, toasts: Toasts): void {
  const { desk } = composerFocus;
  const { id } = from.thread;
  if (desk?.thread.id === id && desk.tab === 'reply' && desk.area) {
    if (desk.tool?.id === 'dictate') desk.tool = null;
    return desk.insert(apart(desk.area, text));
  }
  const had = from.draft.text.trimEnd();
  from.draft.write(had ? `${had} ${text}` : text);
  const words = t('dictate.elsewhere', { name: firstName(threadName(from.row)) });
  toasts.say('mic', words, null, () => router.go(`/conversations/${id}`));
}

/** Words do not run together. */
function apart({ value, selectionStart, selectionEnd }: HTMLTextAreaElement, text: string): string {
  const before = /\S$/.test(value.slice(0, selectionStart)) ? ' ' : '';
  const after = /^[\p{L}\p{N}]/u.test(value.slice(selectionEnd)) ? ' ' : '';
  return before + text + after;
}
