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

  /** All jobs of today that were one person's are another's. */
  giveJobs(from: Person, to: Person, jobs: readonly string[]): Promise<void> {
    return this.#work(async () => {
      await this.#move(jobs, from.id, to.id);
      const said = t('dayoff.gaveJobs', { n: jobs.length, name: firstName(to.name) });
      const undo = () =>
        void this.#work(async () => {
          await this.#move(jobs, to.id, from.id);
          this.#toasts.say('undo', t('dayoff.tookJobs', { n: jobs.length }));
        });
      this.#toasts.say('assign', said, undo, null, TOAST_MS);
    });
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

  /** Each is somebody's before it is no longer the other's: one that breaks off is both's, and stands here still. */
  async #move(jobs: readonly string[], from: string, to: string): Promise<void> {
    for (const id of jobs) {
      const path = (staff_id: string) => ({ params: { path: { id, staff_id } } });
      await repeat(() => answer(api.PUT('/api/jobs/{id}/assignments/{staff_id}', path(to))));
      await repeat(() => answer(api.DELETE('/api/jobs/{id}/assignments/{staff_id}', path(from))));
    }
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
