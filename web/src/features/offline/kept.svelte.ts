// What of each of today's and tomorrow's jobs is there offline (row 118): its threads, as far back as is sensible, and
// their pictures.
import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { Conversation, Media, Message, MessagePage } from '../../api/types';
import { now } from '../../app/now.svelte';
import { changeThread, dropJob, jobsOf, keepJob, keepPicture, prune, type KeptJob } from './store';

const PAGE = 200;
/** The newest, of each thread of a job. */
const PAGES = 2;
/** What is there is fetched anew after this. */
const FRESH_MS = 15 * 60_000;

/** A job whose threads are to be read without a connection. */
export interface JobToKeep {
  id: string;
  /** Its conversations, by id. */
  threads: readonly string[];
}

class Kept {
  /** By job. */
  states = $state.raw<ReadonlyMap<string, KeptJob>>(new Map());
  #staff = '';
  /** One after the other: the line is the field's. */
  #work: Promise<void> = Promise.resolve();

  /** Whose jobs; what an earlier page kept of them is there. */
  async open(staff: string): Promise<void> {
    this.#staff = staff;
    const all = await jobsOf(staff);
    if (staff !== this.#staff) return;
    // One that a page was closed over is not whole.
    const stands = (job: KeptJob): KeptJob =>
      job.state === 'coming' ? { ...job, state: 'failed', why: 'line' } : job;
    this.states = new Map(all.map((job) => [job.id, stands(job)]));
  }

  /** Null for a job that is not kept. */
  stateOf(job: string): KeptJob | null {
    return this.states.get(job) ?? null;
  }

  /** Downloads a job, unless it has just been. */
  keep({ id, threads }: JobToKeep): Promise<void> {
    const had = this.stateOf(id);
    const same = had?.threads.length === threads.length && threads.every((one) => had.threads.includes(one));
    if (same && had.state === 'coming') return this.#work;
    if (same && had.state === 'there' && now.exact() - had.at < FRESH_MS) return this.#work;
    return this.#download({ id, threads });
  }

  /** Once more, where it could not be kept. */
  retry(id: string): void {
    const { threads } = this.stateOf(id) ?? {};
    if (threads) void this.#download({ id, threads });
  }

  /** These are all that are today's and tomorrow's: what is kept of others goes with the next tidying. */
  async only(jobs: readonly JobToKeep[]): Promise<void> {
    if (this.#staff === '') return;
    const wanted = new Set(jobs.map(({ id }) => id));
    for (const { id, threads } of [...this.states.values()]) {
      if (wanted.has(id)) continue;
      for (const thread of threads)
        await changeThread(this.#staff, thread, (had) => (had ? { ...had, job: null } : null));
      await dropJob(this.#staff, id);
      this.states = new Map([...this.states].filter(([one]) => one !== id));
    }
    for (const job of jobs) void this.keep(job);
  }

  #download(job: JobToKeep): Promise<void> {
    this.#say(job, 'coming', null);
    this.#work = this.#work.then(() => this.#one(job));
    return this.#work;
  }

  async #one(job: JobToKeep): Promise<void> {
    let why: KeptJob['why'] = null;
    for (const thread of job.threads) why ??= await this.#thread(job.id, thread);
    this.#say(job, why ? 'failed' : 'there', why);
    await prune(this.#staff, now.exact());
  }

  #say({ id, threads }: JobToKeep, state: KeptJob['state'], why: KeptJob['why']): void {
    const job: KeptJob = { staff: this.#staff, id, threads, state, why, at: now.exact() };
    this.states = new Map(this.states).set(id, job);
    void keepJob(job);
  }

  /** What is in the way of it; null when it is there. One that is not theirs (any more) is no part of the job. */
  async #thread(job: string, id: string): Promise<KeptJob['why']> {
    const staff = this.#staff;
    try {
      const { details, messages, before } = await read(id);
      const at = now.exact();
      const read_ = { staff, id, row: details, details, messages, before, at, job };
      if (!(await changeThread(staff, id, (had) => ({ read: 0, ...had, ...read_ })))) return 'room';
      return await pictures(staff, id, messages);
    } catch (cause) {
      return Failure.from(cause).gone ? null : 'line';
    }
  }
}

/** A thread as it is now, as far back as is sensible. */
export async function read(
  id: string,
): Promise<{ details: Conversation; messages: Message[]; before: number | null }> {
  const path = { id };
  const details = await answer(api.GET('/api/conversations/{id}', { params: { path } }));
  const messages: Message[] = [];
  let before: number | null = null;
  for (let pages = 0; pages < PAGES; pages++) {
    const query = { limit: PAGE, ...(before && { before }) };
    const page: MessagePage = await answer(
      api.GET('/api/conversations/{id}/messages', { params: { path, query } }),
    );
    messages.unshift(...page.messages);
    before = page.next_before;
    if (before === null) break;
  }
  return { details, messages, before };
}

async function pictures(staff: string, id: string, messages: readonly Message[]): Promise<KeptJob['why']> {
  const drawn = ({ kind, url }: Media) => kind === 'photo' && url;
  for (const { url } of messages.flatMap(({ media }) => media.filter(drawn)).reverse()) {
    const why = await keepPicture(staff, id, url!);
    if (why !== 'there') return why;
  }
  return null;
}

export const kept = new Kept();
