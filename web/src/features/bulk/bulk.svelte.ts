import { repeat } from '../../api/again';
import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { BulkFailed, BulkProgress, BulkReason, BulkWord } from '../../api/types';
import type { IconName } from '../../app/Icon.svelte';
import { t } from '../../app/strings';
import { ulid } from '../../app/ulid';
import type { ConversationList } from '../conversations/list.svelte';
import type { Toasts } from '../toasts/toasts.svelte';
import { Selection } from './selection';

/** What is done with each, and what that needs. */
export type Act =
  | { act: Exclude<BulkWord, 'assign' | 'snooze'> }
  | { act: 'assign'; assignee: string }
  | { act: 'snooze'; until: string };

interface Around {
  list: ConversationList;
  toasts: Toasts;
}

/** As many as a command may name. */
export const MOST_NAMED = 1800;
/** What is under way in this tab: after loading the page again it goes on. */
const UNDER_WAY = 'bulk';
const TOAST_MS = 15_000;

const ICONS: Record<BulkWord, IconName> = {
  done: 'okc',
  close: 'archive',
  assign: 'assign',
  snooze: 'clock',
  read: 'eye',
};
const DID: Record<BulkWord, (n: number) => string> = {
  done: (n) => t('bulk.didDone', { n }),
  close: (n) => t('bulk.didClose', { n }),
  assign: (n) => t('bulk.didAssign', { n }),
  snooze: (n) => t('bulk.didSnooze', { n }),
  read: (n) => t('bulk.didRead', { n }),
};
const WHY: Record<BulkReason, (n: number) => string> = {
  new_message: (n) => t('bulk.newMessage', { n }),
  closed: (n) => t('bulk.closed', { n }),
  job_ahead: (n) => t('bulk.jobAhead', { n }),
  not_found: (n) => t('bulk.notFound', { n }),
  forbidden: (n) => t('bulk.forbidden', { n }),
  time_passed: (n) => t('bulk.timePassed', { n }),
  unknown_staff: (n) => t('bulk.unknownStaff', { n }),
  changed: (n) => t('bulk.changed', { n }),
};

/** Which were left as they are, in words, reason by reason. */
export const reasons = (failed: readonly BulkFailed[]): string[] =>
  failed.map(({ why, count }) => WHY[why](count));

/**
 * One command over many conversations. The server works it off, some at a time, and keeps how far it is; this asks for
 * the next ones, and can be asked to stop. A lost answer is asked for again (P9).
 */
class Bulk {
  /** How far it is, while it is under way. */
  progress = $state.raw<BulkProgress | null>(null);
  undoing = $state(false);
  /** No answer came: somebody decides when to go on. */
  stuck = $state(false);
  /** Which were left as they are by the last one, in words. */
  left = $state.raw<readonly string[]>([]);
  /** What was asked last: without an answer it is asked again (P9). */
  #ask: (() => Promise<BulkProgress>) | null = null;

  get busy(): boolean {
    return this.progress !== null;
  }

  /** Begins it with what is selected. */
  start(around: Around, act: Act, { ids, all }: Selection): Promise<void> {
    if (this.busy) return Promise.resolve();
    const { filter, assigned } = around.list.query;
    const what = all ? { filter, ...(assigned && { assigned }) } : { conversations: [...ids] };
    const id = ulid();
    this.left = [];
    this.undoing = false;
    this.progress = unknown(id, act.act, all ? null : ids.size);
    sessionStorage.setItem(UNDER_WAY, id);
    return this.#work(around, id, () => answer(api.POST('/api/bulk', { body: { id, ...act, ...what } })));
  }

  /** What was under way when the page was loaded again goes on. */
  async resume(around: Around): Promise<void> {
    const id = sessionStorage.getItem(UNDER_WAY);
    if (!id || this.busy) return;
    this.progress = unknown(id, 'done', null);
    const stands = () => answer(api.GET('/api/bulk/{id}', { params: { path: { id } } }));
    await this.#work(around, id, stands);
  }

  /** It goes on where it stood. */
  goOn(around: Around): Promise<void> {
    const id = this.progress?.id;
    if (!id) return Promise.resolve();
    return this.undoing ? this.#back(around, id) : this.#work(around, id, this.#ask ?? (() => next(id)));
  }

  /** Nothing more is done; what is under way comes to its end. */
  async stop(around: Around): Promise<void> {
    const id = this.progress?.id;
    if (!id) return;
    const waits = this.stuck;
    const stopped = await this.#asked(around, id, () =>
      answer(api.POST('/api/bulk/{id}/stop', { params: { path: { id } } })),
    );
    if (stopped && waits) this.#over(around, stopped);
  }

  async #work(around: Around, id: string, first: () => Promise<BulkProgress>): Promise<void> {
    let ask = first;
    for (;;) {
      this.#ask = ask;
      const progress = await this.#asked(around, id, ask);
      if (!progress) return;
      // It was being taken back when the page was loaded again.
      if (progress.undo?.next) {
        this.undoing = true;
        return this.#back(around, id);
      }
      if (!progress.next) return this.#over(around, progress);
      ask = () => next(id);
    }
  }

  /** Takes back what was done, as far as nobody changed it since. */
  async #back(around: Around, id: string): Promise<void> {
    for (;;) {
      const progress = await this.#asked(around, id, () =>
        answer(api.POST('/api/bulk/{id}/undo', { params: { path: { id } } })),
      );
      if (!progress) return;
      if (progress.undo && !progress.undo.next) return this.#isBack(around, progress.undo);
    }
  }

  async #asked(around: Around, id: string, ask: () => Promise<BulkProgress>): Promise<BulkProgress | null> {
    this.stuck = false;
    const isOver = () => this.progress?.id !== id;
    try {
      const progress = await repeat(ask);
      if (isOver()) return null;
      this.progress = progress;
      // Whatever list is shown meanwhile, it is seen how far it is.
      around.list.picked ??= new Selection();
      return progress;
    } catch (cause) {
      const failure = Failure.from(cause);
      if (isOver()) return null;
      // Without an answer, or without a session, somebody goes on with it later.
      if (failure.passing || failure.status === 401) this.stuck = true;
      else {
        this.#ended(around.list, around.list.picked instanceof Selection ? around.list.picked : null);
        around.toasts.say('alert', t('acts.failed', { reason: failure.message }));
      }
      return null;
    }
  }

  #over(around: Around, progress: BulkProgress): void {
    const { id, act, done, total, failed, stopped } = progress;
    this.left = reasons(failed);
    this.#ended(around.list, told(failed));
    const did = DID[act](done);
    const words = stopped ? t('bulk.stopped', { what: did, total }) : did;
    const offer = () => around.toasts.say(ICONS[act], words, done > 0 ? undo : null, null, TOAST_MS);
    const undo = () => {
      // One at a time: it is offered again.
      if (this.busy) return offer();
      this.undoing = true;
      this.progress = progress;
      sessionStorage.setItem(UNDER_WAY, id);
      around.list.picked ??= new Selection();
      void this.#back(around, id);
    };
    offer();
  }

  #isBack({ list, toasts }: Around, { done, failed }: NonNullable<BulkProgress['undo']>): void {
    this.left = reasons(failed);
    this.#ended(list, told(failed));
    toasts.say('undo', t('bulk.back', { n: done }), null, null, TOAST_MS);
  }

  #ended(list: ConversationList, picked: Selection | null): void {
    this.progress = null;
    this.undoing = false;
    this.stuck = false;
    sessionStorage.removeItem(UNDER_WAY);
    list.picked = picked;
  }
}

/** Before its first answer. */
const unknown = (id: string, act: BulkWord, many: number | null): BulkProgress => ({
  id,
  act,
  total: many ?? 0,
  gathering: many === null,
  done: 0,
  failed: [],
  next: true,
  stopped: false,
  undo: null,
});

/** What was left as it is is told of, and selected by nobody but a person: they may not have read it yet. */
const told = (failed: readonly BulkFailed[]): Selection | null =>
  failed.length > 0 ? new Selection() : null;

const next = (id: string): Promise<BulkProgress> =>
  answer(api.POST('/api/bulk/{id}/next', { params: { path: { id } } }));

export const bulk = new Bulk();
