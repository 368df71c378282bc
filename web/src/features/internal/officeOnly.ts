import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import { now } from '../../app/now.svelte';
import { t } from '../../app/strings';
import { ulid } from '../../app/ulid';
import type { Around } from '../thread/buttons';

/** Only the office writes to this customer, or the crew again, too. */
export async function turnOfficeOnly({ row, conversations, toasts }: Around): Promise<void> {
  const on = !row.office_only;
  try {
    const call = api.PUT('/api/conversations/{id}/office-only', {
      params: { path: { id: row.id } },
      body: { id: ulid(now.exact()), on },
    });
    conversations.take([await answer(call)]);
    toasts.say('lock', on ? t('hand.isOnly') : t('hand.isNotOnly'));
  } catch (cause) {
    const failure = Failure.from(cause);
    toasts.say('alert', t('acts.failed', { reason: failure.passing ? t('acts.noAnswer') : failure.message }));
  }
}
