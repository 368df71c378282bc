import { reasonOf, repeat } from '../../api/again';
import { answer, api } from '../../api/client';
import type { Row } from '../../api/types';
import { threadName } from '../../app/format';
import { t } from '../../app/strings';
import { ulid } from '../../app/ulid';
import type { Around } from './reach';

type Blocked = Pick<Row, 'id' | 'name' | 'contact'>;

/** What this number sends disturbs nobody any more. */
export async function block(around: Around, row: Blocked, spam: boolean): Promise<void> {
  const command = { params: { path: { id: row.id } }, body: { id: ulid(), spam } };
  await carryOut(
    around,
    () => answer(api.POST('/api/conversations/{id}/block', command)),
    () => {
      const name = threadName(row);
      const words = spam ? t('block.marked', { name }) : t('block.blocked', { name });
      around.toasts.say('minus', words, () => void unblock(around, row));
    },
  );
}

/** It is again as it was. */
export async function unblock(around: Around, row: Blocked): Promise<boolean> {
  const command = { params: { path: { id: row.id } }, body: { id: ulid() } };
  return carryOut(
    around,
    () => answer(api.POST('/api/conversations/{id}/unblock', command)),
    () => around.toasts.say('okc', t('block.unblocked', { name: threadName(row) })),
  );
}

async function carryOut({ conversations, toasts }: Around, call: () => Promise<Row>, say: () => void) {
  try {
    conversations.take([await repeat(call)]);
    say();
    return true;
  } catch (cause) {
    toasts.say('alert', t('acts.failed', { reason: reasonOf(cause) }));
    return false;
  }
}
