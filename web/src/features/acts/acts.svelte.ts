import { createContext } from 'svelte';

import { reasonOf, repeat } from '../../api/again';
import { answer, api } from '../../api/client';
import type { Person, Row } from '../../api/types';
import { threadName } from '../../app/format';
import type { IconName } from '../../app/Icon.svelte';
import { t } from '../../app/strings';
import { ulid } from '../../app/ulid';
import type { Conversations } from '../conversations/conversations.svelte';
import type { Counts } from '../conversations/counts.svelte';
import type { Toasts } from '../toasts/toasts.svelte';

type Act = 'pin' | 'unpin' | 'unread' | 'done' | 'close' | 'reopen' | 'attention';

const settled: Partial<Row> = {
  attention: false,
  emergency: false,
  waiting_since: null,
  settled_hint: false,
};

/** What can be done to a conversation: drawn at once, told to the server, undone on request, mended when refused. */
export class Acts {
  /** Somebody is asked whether they mean it: its job is ahead. */
  closing = $state.raw<Row | null>(null);
  /** Somebody chooses whose the open conversation is. */
  assigning = $state(false);
  readonly #all: Conversations;
  readonly #counts: Counts;
  readonly #toasts: Toasts;
  /** The last act on each conversation: the next one waits for it, so that none overtakes another. */
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #marks = new Map<string, number>();

  constructor(all: Conversations, counts: Counts, toasts: Toasts) {
    this.#all = all;
    this.#counts = counts;
    this.#toasts = toasts;
  }

  /** Stays open, needs nobody. */
  done(row: Row): void {
    if (!row.attention) {
      this.#toasts.say('okc', t('thread.doneNot'));
      return;
    }
    void this.#post(row, 'done', settled);
    this.#say('okc', t('acts.done', { name: threadName(row) }), () => this.#raise(row));
  }

  /** Closing asks when a job is ahead: the crew would lose the thread. */
  askClose(row: Row): void {
    if (row.job_ahead) this.closing = row;
    else this.close(row);
  }

  close(row: Row): void {
    void this.#post(row, 'close', { ...settled, state: 'closed' });
    this.#say('archive', t('acts.closed', { name: threadName(row) }), async () => {
      const reopened = await this.#post(row, 'reopen', { state: 'open' });
      if (reopened && row.attention) this.#raise(row);
    });
  }

  /** On top of this person's own list, or no longer. */
  pin(row: Row): void {
    void this.#post(row, row.pinned ? 'unpin' : 'pin', { pinned: !row.pinned });
  }

  /** Out of Active until then, or until the customer writes; `null` ends it. `told`: what is said of it. */
  snooze(row: Row, until: string | null, told: string): void {
    void this.#snooze(row, until);
    this.#say('clock', told, () => void this.#snooze(row, row.snoozed_until));
  }

  #snooze(row: Row, until: string | null): Promise<boolean> {
    const command = { params: { path: { id: row.id } }, body: { id: ulid(), until } };
    const patch = { snoozed_until: until, ...(until && { attention: false }) };
    return this.#run(row, patch, () => answer(api.POST('/api/conversations/{id}/snooze', command)));
  }

  /** It only looked settled: somebody waits, after all. */
  unsettle(row: Row): void {
    this.#raise({ ...row, waiting_since: row.waiting_since ?? row.last_activity_at });
  }

  reopen(row: Row): void {
    void this.#post(row, 'reopen', { state: 'open' });
    this.#say(
      'inbox',
      t('acts.reopened', { name: threadName(row) }),
      () => void this.#post(row, 'close', { state: 'closed' }),
    );
  }

  unread(row: Row): void {
    this.#marks.set(row.id, this.marks(row.id) + 1);
    void this.#post(row, 'unread', { marked_unread: true, unread: Math.max(1, row.unread) });
    this.#say('unread', t('acts.unread', { name: threadName(row) }), () => void this.read(row));
  }

  /** How often a conversation was marked unread in this window. */
  marks(id: string): number {
    return this.#marks.get(id) ?? 0;
  }

  assign(row: Row, assignee: Person | null, me: string): void {
    void this.#assign(row, assignee);
    const words = assignee ? t('acts.assigned', { name: assignee.name }) : t('acts.unassigned');
    const text = assignee?.id === me ? t('acts.assignedMe') : words;
    this.#say('assign', text, () => void this.#assign(row, row.assignee));
  }

  /** Looking clears what this reader had not seen. Nothing is said; false when the server does not have it. */
  read(row: Row): Promise<boolean> {
    const id = ulid();
    return this.#run(
      row,
      { unread: 0, marked_unread: false },
      () =>
        answer(api.POST('/api/conversations/{id}/read', { params: { path: { id: row.id } }, body: { id } })),
      { quietly: true },
    );
  }

  /** A message whose fate stays unknown, or that failed: it is left as it is. */
  async dismiss(message: string): Promise<void> {
    const id = ulid();
    try {
      await repeat(() =>
        answer(api.POST('/api/messages/{id}/dismiss', { params: { path: { id: message } }, body: { id } })),
      );
      this.#toasts.say('okc', t('acts.dismissed'));
    } catch (cause) {
      this.#mourn(cause);
    }
  }

  #raise(row: Row): void {
    const { emergency, waiting_since } = row;
    void this.#post(row, 'attention', { attention: true, emergency, waiting_since, settled_hint: false });
  }

  #post(row: Row, act: Act, patch: Partial<Row>): Promise<boolean> {
    const command = { params: { path: { id: row.id } }, body: { id: ulid() } };
    return this.#run(row, patch, () => answer(api.POST(`/api/conversations/{id}/${act}`, command)));
  }

  #assign(row: Row, assignee: Person | null): Promise<boolean> {
    const command = {
      params: { path: { id: row.id } },
      body: { id: ulid(), assignee: assignee?.id ?? null },
    };
    return this.#run(row, { assignee }, () => answer(api.PUT('/api/conversations/{id}/assignee', command)));
  }

  async #run(
    { id }: Row,
    patch: Partial<Row>,
    call: () => Promise<Row | undefined>,
    { quietly = false } = {},
  ): Promise<boolean> {
    const counted = this.#counts.draw(this.#shift(id, patch));
    const end = this.#all.draw(id, patch);
    try {
      const row = await this.#inTurn(id, () => repeat(call));
      if (row?.id) this.#all.take([row]);
      end(true);
      counted(true);
      return true;
    } catch (cause) {
      end(false);
      counted(false);
      if (!quietly) this.#mourn(cause);
      return false;
    }
  }

  #inTurn<T>(id: string, act: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(id) ?? Promise.resolve()).then(act, act);
    this.#last.set(id, turn);
    const end = () => this.#last.get(id) === turn && this.#last.delete(id);
    turn.then(end, end);
    return turn;
  }

  #shift(id: string, patch: Partial<Row>): { attention: number; unread: number } {
    const row = this.#all.get(id);
    if (!row) return { attention: 0, unread: 0 };
    const attention = Number(patch.attention ?? row.attention) - Number(row.attention);
    return { attention, unread: (patch.unread ?? row.unread) - row.unread };
  }

  #say(icon: IconName, text: string, undo: () => void): void {
    this.#toasts.say(icon, text, undo);
  }

  #mourn(cause: unknown): void {
    this.#toasts.say('alert', t('acts.failed', { reason: reasonOf(cause) }));
  }
}

export const [getActs, setActs] = createContext<Acts>();
