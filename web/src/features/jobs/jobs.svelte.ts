import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { JobNumber, Workday, WorkdayJob } from '../../api/types';
import type { Live, LiveEvent } from '../../live/live.svelte';
import type { Conversations } from '../conversations/conversations.svelte';
import { kept } from '../offline/kept.svelte';
import { dayOf, keepDay } from '../offline/store';
import type { Viewer } from '../session/viewer.svelte';
import { threadsOf } from './words';

/** Somebody who looks again after this long may have missed midnight. */
const OLD_MS = 60_000;

/** The jobs of today and tomorrow: a technician's own, or everybody's for the office. */
export class Jobs {
  day = $state.raw<Workday | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Jobs of other days, by id: opened by their address. Null: not theirs to see. */
  others = $state.raw<ReadonlyMap<string, WorkdayJob | Failure | null>>(new Map());

  readonly #around: { conversations: Conversations; viewer: Viewer };
  #loading = false;
  /** Something changed while they were on their way. */
  #stale = false;
  #loadedAt = 0;
  #followers = 0;
  #unfollow = () => undefined as void;

  constructor(around: { conversations: Conversations; viewer: Viewer }) {
    this.#around = around;
  }

  /** A job that is known; undefined while it is not. */
  get(id: string): WorkdayJob | Failure | null | undefined {
    return this.day?.jobs.find((job) => job.id === id) ?? this.others.get(id);
  }

  /** As live as the conversations: what is new there is counted here, too. */
  unread({ conversation_id, unread }: JobNumber): number {
    const row = conversation_id === null ? undefined : this.#around.conversations.get(conversation_id);
    return row?.unread ?? unread;
  }

  unreadOf(job: WorkdayJob): number {
    return job.numbers.reduce((sum, number) => sum + this.unread(number), 0);
  }

  /** Hears what changes; until the returned function is called. Once, however many ask for it. */
  follow(live: Live): () => void {
    if (this.#followers++ === 0) this.#unfollow = this.#hear(live);
    return () => {
      if (--this.#followers === 0) this.#unfollow();
    };
  }

  #hear(live: Live): () => void {
    const looked = () => {
      if (!document.hidden && Date.now() - this.#loadedAt > OLD_MS) void this.load();
    };
    document.addEventListener('visibilitychange', looked);
    const deaf = live.listen((batch) => {
      if (batch.some((event) => this.#concerns(event))) void this.load();
    });
    return () => {
      document.removeEventListener('visibilitychange', looked);
      deaf();
    };
  }

  #concerns(event: LiveEvent): boolean {
    if (event.type === 'jobs.updated' || event.type === 'ready' || event.type === 'reload') return true;
    const numbers = (this.day?.jobs ?? []).flatMap((job) => job.numbers);
    // A thread began, or was opened again; or it is no longer theirs.
    if (event.type === 'conversation.removed')
      return numbers.some(({ conversation_id }) => conversation_id === event.data.id);
    const row = 'conversation' in event.data ? event.data.conversation : null;
    return row !== null && numbers.some((it) => it.conversation_id === null && it.contact === row.contact);
  }

  async load(): Promise<void> {
    if (this.#loading) {
      this.#stale = true;
      return;
    }
    this.#loading = true;
    this.#stale = false;
    try {
      const mine = this.#around.viewer.me?.role === 'technician';
      const query = mine ? { mine: 'upcoming' as const } : {};
      const day = await answer(api.GET('/api/jobs', { params: { query } }));
      this.day = day;
      this.#loadedAt = Date.now();
      this.failure = null;
      if (mine) void this.#keep(day);
      // What was opened by its address may have changed, too.
      const open = [...this.others.keys()];
      await Promise.all(open.map((id) => this.#fetch(id)));
    } catch (cause) {
      this.failure = Failure.from(cause);
      if (this.failure.passing) this.day ??= await dayOf(this.#around.viewer.id);
    } finally {
      this.#loading = false;
    }
    if (this.#stale) await this.load();
  }

  /** A technician has the day with them, and the threads of each job, where no connection is (row 118). */
  async #keep(day: Workday): Promise<void> {
    await keepDay(this.#around.viewer.id, day);
    const going = day.jobs.filter(({ status }) => status === 'scheduled' || status === 'in_progress');
    const threads = (job: WorkdayJob) => threadsOf(job).map((number) => number.conversation_id);
    await kept.only(going.map((job) => ({ id: job.id, threads: threads(job) })));
  }

  /** One that is not among those of these days. */
  async open(id: string): Promise<void> {
    if (this.day?.jobs.some((job) => job.id === id)) return;
    await this.#fetch(id);
  }

  async #fetch(id: string): Promise<void> {
    let found: WorkdayJob | Failure | null;
    try {
      found = await answer(api.GET('/api/jobs/{id}', { params: { path: { id } } }));
    } catch (cause) {
      const failure = Failure.from(cause);
      found = failure.status === 404 ? null : failure;
    }
    const had = this.others.get(id);
    // What is known already stays while the server is away.
    if (found instanceof Failure && had && !(had instanceof Failure)) return;
    this.others = new Map([...this.others, [id, found]]);
  }
}

let those: { of: Conversations; jobs: Jobs } | null = null;

/** Those of whoever is signed in here; the last one's are forgotten. */
export function jobsOf(around: { conversations: Conversations; viewer: Viewer }): Jobs {
  const { conversations } = around;
  if (those?.of !== conversations) those = { of: conversations, jobs: new Jobs(around) };
  return those.jobs;
}
