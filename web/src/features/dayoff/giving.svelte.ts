import { repeat, reasonOf } from '../../api/again';
import { answer, api } from '../../api/client';
import type { OffToday } from '../../api/types';
import { firstName } from '../../app/format';
import { now } from '../../app/now.svelte';
import { t } from '../../app/strings';
import { ulid } from '../../app/ulid';
import type { Live } from '../../live/live.svelte';
import type { Toasts } from '../toasts/toasts.svelte';
import { takenBack, workedOff } from './working';

type Person = { id: string; name: string };

/** A job that was given, and whether the other worked on it already. */
interface Moved {
  job: string;
  had: boolean;
}

const TOAST_MS = 15_000;
const NEWS = new Set(['staff.updated', 'jobs.updated', 'reload', 'ready']);

/** Who is off today, kept true while the page is open, and giving what was theirs to somebody else. */
export class Giving {
  known = $state.raw<readonly OffToday[] | null>(null);
  failed = $state(false);
  busy = $state(false);
  readonly #toasts: Toasts;
  #asked = 0;

  constructor(toasts: Toasts) {
    this.#toasts = toasts;
    void this.load();
  }

  /** What others give is seen at once; until the returned function is called. */
  follow(live: Live): () => void {
    const known = (id: string | undefined) =>
      this.known?.some(({ conversations }) => conversations.some((one) => one.id === id)) ?? false;
    return live.listen((batch) => {
      const touched = batch.some(
        ({ type, data }) => NEWS.has(type) || ('conversation' in data && known(data.conversation?.id)),
      );
      if (touched) void this.load();
    });
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const { people } = await answer(api.GET('/api/day-off'));
      if (asked === this.#asked) [this.known, this.failed] = [people, false];
    } catch {
      if (asked === this.#asked) this.failed = this.known === null;
    }
  }

  /** All jobs of today that were one person's are another's. What breaks off half-way is undone as far as it came. */
  giveJobs(from: Person, to: Person, jobs: readonly string[]): Promise<void> {
    return this.#work(async () => {
      const moved: Moved[] = [];
      try {
        for (const job of jobs) moved.push(await this.#give(job, from.id, to.id));
      } finally {
        if (moved.length > 0) this.#gave(moved, from, to);
      }
    });
  }

  #gave(moved: readonly Moved[], from: Person, to: Person): void {
    const said = t('dayoff.gaveJobs', { n: moved.length, name: firstName(to.name) });
    const undo = () =>
      void this.#work(async () => {
        for (const { job, had } of moved) {
          await this.#assign(job, from.id);
          // Whoever worked on it before works on it still.
          if (!had) await this.#unassign(job, to.id);
        }
        this.#toasts.say('undo', t('dayoff.tookJobs', { n: moved.length }));
      });
    this.#toasts.say('assign', said, undo, null, TOAST_MS);
  }

  giveThreads(to: Person, conversations: string[]): Promise<void> {
    return this.#work(async () => {
      const body = { id: ulid(now.exact()), act: 'assign' as const, assignee: to.id, conversations };
      const begun = await repeat(() => answer(api.POST('/api/bulk', { body })));
      const { id, done } = await workedOff(begun);
      const said = t('dayoff.gaveThreads', { n: done, name: firstName(to.name) });
      const undo = () =>
        void this.#work(async () => {
          this.#toasts.say('undo', t('dayoff.tookThreads', { n: await takenBack(id) }));
        });
      this.#toasts.say('assign', said, undo, null, TOAST_MS);
    });
  }

  /** It is somebody's before it is no longer the other's: one that breaks off is both's, and stands here still. */
  async #give(job: string, from: string, to: string): Promise<Moved> {
    const { crew } = await repeat(() => answer(api.GET('/api/jobs/{id}', { params: { path: { id: job } } })));
    const had = crew.some(({ id }) => id === to);
    if (!had) await this.#assign(job, to);
    await this.#unassign(job, from);
    return { job, had };
  }

  #assign(id: string, staff_id: string): Promise<unknown> {
    const path = { id, staff_id };
    return repeat(() => answer(api.PUT('/api/jobs/{id}/assignments/{staff_id}', { params: { path } })));
  }

  #unassign(id: string, staff_id: string): Promise<unknown> {
    const path = { id, staff_id };
    return repeat(() => answer(api.DELETE('/api/jobs/{id}/assignments/{staff_id}', { params: { path } })));
  }

  async #work(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await work();
    } catch (cause) {
      this.#toasts.say('alert', t('dayoff.notDone', { reason: reasonOf(cause) }));
    } finally {
      this.busy = false;
      await this.load();
    }
  }
}
