import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import { now } from '../../app/now.svelte';
import { t } from '../../app/strings';
import { ulid } from '../../app/ulid';
import type { Conversations } from '../conversations/conversations.svelte';

/** The thread with a colleague, or with the crew of a job, made where there is none. Its id, or why there is none. */
export async function openInternal(
  conversations: Conversations,
  whom: { with: string } | { job: string },
): Promise<{ id: string } | { why: string }> {
  try {
    const body = { id: ulid(now.exact()), ...whom };
    const thread = await answer(api.POST('/api/internal', { body }));
    conversations.take([thread]);
    return { id: thread.id };
  } catch (cause) {
    const failure = Failure.from(cause);
    return { why: failure.passing ? t('session.unreachable') : failure.message };
  }
}
