import { Failure } from '../../api/failure';
import type { Message, MessagePage } from '../../api/types';
import type { Part, Reached, Wanted } from './wanted';

// A thread far from its end: one message of it however far back, with what stands around it, and the way from there
// to the newest. Most openings need none of it.
const PAGE = 50;
const BIG_PAGE = 200;

/** Counts what was wanted of a thread: only the last of it takes the place of what is here. */
const wants = new WeakMap<Part, number>();
function want(thread: Part): () => boolean {
  const mine = (wants.get(thread) ?? 0) + 1;
  wants.set(thread, mine);
  return () => wants.get(thread) === mine;
}

/** Leads to what is not here: one request, however far it is. */
export async function reach(thread: Part, wanted: Wanted): Promise<Reached> {
  const isWanted = want(thread);
  const query = 'at' in wanted ? wanted : { around: 'id' in wanted ? wanted.id : `${wanted.seq}` };
  try {
    const page = await thread.page({ ...query, limit: BIG_PAGE });
    if (!isWanted()) return { missing: 'late' };
    if (page.target_seq === null) return { missing: 'none' };
    thread.show(meets(thread, page) ? joined(thread, page) : page);
    return thread.messages.find(({ seq }) => seq === page.target_seq) ?? { missing: 'none' };
  } catch (cause) {
    // What is no id of ours names nothing, too.
    return { missing: [400, 404].includes(Failure.from(cause).status) ? 'none' : 'failed' };
  }
}

const ends = ({ messages }: { messages: readonly Message[] }): [number, number] => [
  messages[0]?.seq ?? 0,
  messages.at(-1)?.seq ?? 0,
];

/** Nothing lies between a page and what is here. */
function meets(here: Part, page: MessagePage): boolean {
  const [[oldest, newest], [first, last]] = [ends(here), ends(page)];
  return last + 1 >= oldest && first <= newest + 1;
}

type Place = number | null;
/** Where a stretch of two ends: beyond the end of the thread, none. */
const beyond = (one: Place, other: Place, further: (...all: number[]) => number): Place =>
  one === null || other === null ? null : further(one, other);

/** What is here and a page, as one. How far each leads is the server's word: the last of it may be none of ours to see. */
function joined(here: Part, page: MessagePage): MessagePage {
  const all = new Map(here.messages.map((message) => [message.id, message]));
  for (const message of page.messages)
    if (message.version > (all.get(message.id)?.version ?? 0)) all.set(message.id, message);
  return {
    ...page,
    messages: [...all.values()].sort((a, b) => a.seq - b.seq),
    next_before: beyond(here.before, page.next_before, Math.min),
    next_after: beyond(here.after, page.next_after, Math.max),
  };
}

const coming = new WeakMap<Part, Promise<void>>();

/** One page further on. */
export function loadNewer(thread: Part): Promise<void> {
  const had = coming.get(thread);
  if (had) return had;
  const loading = newer(thread).finally(() => coming.delete(thread));
  coming.set(thread, loading);
  return loading;
}

async function newer(thread: Part): Promise<void> {
  const { after, shown } = thread;
  if (after === null) return;
  const page = await thread.page({ after, limit: PAGE }).catch(() => null);
  // Without an answer the next scroll asks again. Another part may be here by now. Where it begins stays.
  if (page && shown === thread.shown) thread.show(joined(thread, { ...page, next_before: thread.before }));
}

/** Back to the newest messages; false where they did not load. */
export async function toNewest(thread: Part): Promise<boolean> {
  const isWanted = want(thread);
  const page = await thread.page({ limit: PAGE }).catch(() => null);
  if (!page || !isWanted()) return false;
  thread.show(page);
  return true;
}
