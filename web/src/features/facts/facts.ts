import { reasonOf, repeat } from '../../api/again';
import { answer, api } from '../../api/client';
import type { Conversation, Job, JobFact, Message } from '../../api/types';
import { t } from '../../app/strings';
import { ulid } from '../../app/ulid';
import { jobHere } from '../conversations/address';
import type { Thread } from '../thread/thread.svelte';
import type { Toasts } from '../toasts/toasts.svelte';
import { wordsOf } from './words';

/** The job whose facts stand above a thread: the one that it was opened from, else the one that its row tells of. */
export function jobAbove(details: Conversation | null): Job | null {
  const jobs = details?.customer_detail?.jobs ?? [];
  const named = (id: string | null | undefined) => jobs.find((job) => job.id === id);
  return named(jobHere()) ?? named(details?.job?.id) ?? null;
}

/** What of a message is to be kept. */
export interface Part {
  text?: string;
  file?: number;
}

/** Keeps it with the job, and says so; it can be undone. */
export async function keep(toasts: Toasts, thread: Thread, job: Job, of: Message, part: Part): Promise<void> {
  const { number } = job;
  const body = { id: ulid(), conversation_id: of.conversation_id, seq: of.seq, ...part };
  try {
    const path = { id: job.id };
    const { facts } = await repeat(() =>
      answer(api.POST('/api/jobs/{id}/facts', { params: { path }, body })),
    );
    take(thread, job.id, facts);
    const kept = facts.find(({ id }) => id === body.id);
    if (!kept) return toasts.say('okc', t('facts.there', { number: String(number) }));
    const said = t('facts.kept', { number: String(number), what: wordsOf(kept) });
    toasts.say('okc', said, () => void forget(toasts, thread, job, kept, false));
  } catch (cause) {
    toasts.say('alert', t('facts.notKept', { reason: reasonOf(cause) }));
  }
}

/** Takes it away, and says so; it can be brought back. */
export async function forget(
  toasts: Toasts,
  thread: Thread,
  job: Job,
  fact: JobFact,
  undoes = true,
): Promise<void> {
  try {
    const path = { id: job.id, fact: fact.id };
    const { facts } = await repeat(() =>
      answer(api.DELETE('/api/jobs/{id}/facts/{fact}', { params: { path } })),
    );
    take(thread, job.id, facts);
    const back = () => void bringBack(toasts, thread, job, fact);
    toasts.say('undo', t('facts.removed', { what: wordsOf(fact) }), undoes ? back : null);
  } catch (cause) {
    toasts.say('alert', t('facts.notRemoved', { reason: reasonOf(cause) }));
  }
}

/** The words may be a part of the message: they are found in it again, but for what was cut off. */
function bringBack(toasts: Toasts, thread: Thread, job: Job, fact: JobFact): Promise<void> {
  const message = { conversation_id: fact.conversation_id, seq: fact.seq } as Message;
  const text = fact.text?.endsWith('…') ? undefined : fact.text;
  return keep(toasts, thread, job, message, fact.file ? { file: fact.file.place } : text ? { text } : {});
}

/** What the server says stands there now. */
function take(thread: Thread, job: string, facts: JobFact[]): void {
  const { details } = thread;
  const customer = details?.customer_detail;
  if (!customer) return;
  const jobs = customer.jobs.map((one) => (one.id === job ? { ...one, facts } : one));
  thread.details = { ...details, customer_detail: { ...customer, jobs } };
}
