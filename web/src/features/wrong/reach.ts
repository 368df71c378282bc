import { reasonOf, repeat } from '../../api/again';
import { answer, api } from '../../api/client';
import type { Row } from '../../api/types';
import { t } from '../../app/strings';
import { ulid } from '../../app/ulid';
import type { Conversations } from '../conversations/conversations.svelte';
import type { Toasts } from '../toasts/toasts.svelte';

export interface Around {
  conversations: Conversations;
  toasts: Toasts;
}

/** Says that texts are to be tried again at this number although they did not reach it; or that they do not. */
export async function reach(around: Around, row: Row, reachable: boolean): Promise<void> {
  const { conversations, toasts } = around;
  const command = { params: { path: { id: row.id } }, body: { id: ulid(), reachable } };
  try {
    const said = await repeat(() => answer(api.PUT('/api/conversations/{id}/reachable', command)));
    conversations.take([said]);
    const undo = () => void reach(around, row, !reachable);
    toasts.say('phone', reachable ? t('wrong.reachable') : t('wrong.unreachable'), undo);
  } catch (cause) {
    toasts.say('alert', t('acts.failed', { reason: reasonOf(cause) }));
  }
}
