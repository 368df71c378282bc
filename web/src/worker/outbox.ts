// What the worker does once the browser says that there is a connection, with no window open: the outbox, as a window
// would. It sends nothing as somebody else: what is another's waits for their session.
import { all, alone, bytesOf, channelOf, drop, find, keep } from '../features/outbox/box';
import { deliver, whoseSession } from '../features/outbox/deliver';
import type { KeptFile, SentFile, Unsent } from '../features/outbox/item';

/** Throws when something is left to be tried again; the browser then asks once more. */
export async function deliverKept(): Promise<void> {
  if ((await all()).length === 0) return;
  const staff = await whoseSession();
  if (staff === null) return;
  const threads = Map.groupBy(await all(staff), ({ conversation }) => conversation);
  const left = await Promise.all([...threads.values()].map(thread));
  if (left.includes('again')) throw new Error('no answer yet');
}

/** A window that is at it has the lock: it is left to it. */
const thread = (messages: readonly Unsent[]): Promise<'again' | 'done' | null> =>
  alone(messages[0]!, () => inTurn(messages), { ifAvailable: true });

async function inTurn(messages: readonly Unsent[]): Promise<'again' | 'done'> {
  const holds = new Set<boolean>();
  for (const { id } of messages) {
    const unsent = await find(id);
    if (!unsent || holds.has(!unsent.note)) continue;
    const was = unsent.stuck ? 'stuck' : await one(unsent);
    if (was === 'again') return 'again';
    if (was === 'stuck') holds.add(!unsent.note);
    if (was === 'signed-out') break;
  }
  return 'done';
}

async function one(unsent: Unsent): Promise<string> {
  let late: Unsent = { ...unsent, late: true };
  const up = async (file: KeptFile, taken: SentFile) => {
    late = {
      ...late,
      files: (late.files ?? []).map((one) => (one.key === file.key ? { ...one, up: taken } : one)),
    };
    await keep(late);
  };
  const bytes = async ({ key }: KeptFile) => (key ? bytesOf(key) : undefined);
  const outcome = await deliver(late, { bytes, up });
  const channel = channelOf(unsent.staff);
  if (outcome.was === 'sent') {
    await drop(unsent);
    channel?.postMessage({ gone: unsent.id, message: outcome.message });
  }
  if (outcome.was === 'stuck') {
    await keep({ ...late, stuck: outcome.stuck });
    channel?.postMessage({ put: unsent.id });
  }
  channel?.close();
  return outcome.was;
}
