// Notifications of what is read by now, on whatever device: they go when the app wakes.
import { leadOf, type Kept } from './notice';
import { readAbout } from './payload';

/** A notification that is shown. */
export interface Shown {
  data: unknown;
  close(): void;
}

/** What of a notification that is shown decides whether it is over. */
interface Thread {
  conversation: string;
  counted?: boolean | undefined;
}

const ASK_MS = 8_000;

/** What was kept with it, by the worker or by the server where the browser showed it by itself; null: it is not ours. */
export function keptOf({ data }: Shown): Kept | null {
  if (typeof data !== 'object' || data === null) return null;
  if ('path' in data) return data as Kept;
  if (!('porchlight' in data)) return null;
  const { kind, ...about } = readAbout(data.porchlight);
  return { ...about, path: leadOf({ kind, ...about }), count: 1 };
}

/** Whether its thread has nothing new for the reader any more, or is no longer theirs to read. No answer: it has. */
async function isOver({ conversation, counted }: Thread, ask: typeof fetch): Promise<boolean> {
  try {
    const answer = await ask(`/api/conversations/${encodeURIComponent(conversation)}`, {
      credentials: 'same-origin',
      signal: AbortSignal.timeout(ASK_MS),
    });
    if (answer.status === 403 || answer.status === 404)
      return answer.headers.get('content-type')?.includes('json') ?? false;
    return counted !== false && answer.ok && ((await answer.json()) as { unread?: number }).unread === 0;
  } catch {
    return false;
  }
}

/** Closes what is another person's, and what is over; `but`: a thread of which is known better. */
export async function sweep(
  all: readonly Shown[],
  person: string | null,
  ask: typeof fetch,
  but: string | null = null,
): Promise<void> {
  const ours = all.flatMap((shown) => {
    const kept = keptOf(shown);
    if (!kept?.conversation || kept.conversation === but) return [];
    return [{ shown, kept, conversation: kept.conversation }];
  });
  for (const { shown, kept } of ours) if (kept.person !== person) shown.close();
  const theirs = ours.filter(({ kept }) => kept.person === person);
  await Promise.all(
    theirs.map(async ({ shown, kept, conversation }) => {
      if (await isOver({ conversation, counted: kept.counted }, ask)) shown.close();
    }),
  );
}
