import { untrack } from 'svelte';

import type { Failure } from '../../api/failure';
import type { Message, Row } from '../../api/types';
import { now } from '../../app/now.svelte';
import { Draft } from '../composer/draft.svelte';
import { Outbox, type Entry } from '../composer/outbox.svelte';
import type { Inbox } from './inbox.svelte';

type Around = Pick<Inbox, 'me' | 'conversations' | 'counts' | 'toasts' | 'live' | 'thread' | 'warm'>;

/** What one person writes: drafts, what is on its way, and how a conversation looks until the server has answered. */
export class Sending {
  readonly outbox: Outbox;
  readonly #inbox: Around;
  readonly #drafts = new Map<string, Draft>();
  /** What is drawn over the row of an entry's conversation. */
  readonly #drawn = new Map<string, (agreed: boolean) => void>();

  constructor(inbox: Around) {
    this.#inbox = inbox;
    this.outbox = new Outbox(
      {
        accepted: (message) => this.#accepted(message),
        held: (entry) => this.#held(entry),
        shut: (entry, failure) => this.#shut(entry, failure),
      },
      () => inbox.live.online,
    );
  }

  draft(id: string): Draft {
    // Called while drawing: what loading touches must not make the drawing depend on it.
    return untrack(() => {
      const draft = this.#drafts.get(id) ?? new Draft(this.#inbox.me?.id ?? '', id);
      this.#drafts.set(id, draft);
      const thread = this.#inbox.thread(id);
      void draft.load(thread.load().then(() => thread.details));
      return draft;
    });
  }

  /** Enter was pressed: on the screen now, with the server soon. */
  send(row: Row, text: string, resendOf: string | null = null): Entry {
    const { me, counts, conversations } = this.#inbox;
    const seen = this.#inbox.warm(row.id)?.seen ?? row.seq;
    const entry = this.outbox.send(row.id, text, seen, resendOf, now.exact());
    const author = me && { id: me.id, name: me.name };
    const last_message = {
      seq: row.seq,
      text,
      kind: 'staff',
      direction: 'out',
      author,
      status: 'queued',
      created_at: entry.created_at,
    } as const;
    const answered = {
      attention: false,
      emergency: false,
      waiting_since: null,
      settled_hint: false,
      unread: 0,
    };
    counts.shift({ attention: -Number(row.attention), unread: -row.unread });
    const draw = {
      ...answered,
      marked_unread: false,
      state: 'open',
      last_message,
      last_activity_at: entry.created_at,
    } as const;
    this.#drawn.set(entry.id, conversations.draw(row.id, draw));
    return entry;
  }

  /** Takes back what was not sent; the text is returned to its box. */
  withdraw(entry: Entry): void {
    this.#settle(entry.id, false);
    this.draft(entry.conversation).restore(this.outbox.withdraw(entry.id));
  }

  discard(entry: Entry): void {
    this.#settle(entry.id, false);
    this.outbox.withdraw(entry.id);
  }

  /** The live feed tells of messages; some of them may be ours, before the answer to their post. */
  heard(messages: readonly Message[]): void {
    for (const message of messages) this.#settle(message.id, true);
    this.outbox.confirm(messages);
  }

  flushDrafts(options?: { leaving: boolean }): Promise<unknown> {
    return Promise.all([...this.#drafts.values()].map((draft) => draft.flush(options)));
  }

  /** The connection is back. */
  again(): void {
    this.outbox.flush();
    for (const draft of this.#drafts.values()) if (draft.kept === 'here') draft.write(draft.text);
  }

  #settle(id: string, agreed: boolean): void {
    this.#drawn.get(id)?.(agreed);
    this.#drawn.delete(id);
  }

  #accepted(message: Message): void {
    this.#settle(message.id, true);
    this.#inbox.warm(message.conversation_id)?.take([message]);
  }

  /** What the colleague wrote is to be read before deciding. */
  #held(entry: Entry): void {
    this.#settle(entry.id, false);
    void this.#inbox.warm(entry.conversation)?.catchUp();
  }

  #shut(entry: Entry, failure: Failure): void {
    this.#settle(entry.id, false);
    this.draft(entry.conversation).restore(entry.text);
    this.#inbox.toasts.say('alert', failure.message);
    void this.#inbox.warm(entry.conversation)?.refreshDetails();
  }
}
