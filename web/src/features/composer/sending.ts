import { createContext, untrack } from 'svelte';

import type { DraftKind, Message, Row } from '../../api/types';
import { firstName, threadName } from '../../app/format';
import { now } from '../../app/now.svelte';
import { patient } from '../../app/patient';
import { preferences } from '../../app/preferences.svelte';
import { t } from '../../app/strings';
import type { Live } from '../../live/live.svelte';
import { jobHere } from '../conversations/address';
import type { Conversations } from '../conversations/conversations.svelte';
import type { Counts } from '../conversations/counts.svelte';
import type { Viewer } from '../session/viewer.svelte';
import type { Threads } from '../thread/threads.svelte';
import type { Toasts } from '../toasts/toasts.svelte';
import type { Bag } from '../files/bag.svelte';
import { Draft, keyOf } from './draft.svelte';
import { Outbox, type Entry, type Parcel } from './outbox.svelte';
import { filesKey, keysOf } from './storage';
import type { Unsaved } from './unsent';

const bagPart = patient(() => import('../files/bag.svelte'));
const unsentPart = patient(() => import('./unsent'));
const plansPart = patient(() => import('../later/plans'));

/** Seconds for which a sent text can be taken back. */
const UNDO_S = 5;

export type { Unsaved };

interface Around {
  viewer: Viewer;
  conversations: Conversations;
  counts: Counts;
  toasts: Toasts;
  live: Live;
  threads: Threads;
}

/** What one person writes: drafts, what is on its way, and how a conversation looks until the server has answered. */
export class Sending {
  readonly outbox: Outbox;
  readonly around: Around;
  readonly drafts = new Map<string, Draft>();
  /** Once the session has ended, nothing leaves until its owner is back: it would go in a colleague's name. */
  #signedIn = true;
  /** Messages of ours that have been told of, whichever device they left from. */
  readonly #told = new Set<string>();
  /** What messages were written as that can still be taken back. */
  readonly written = new Map<string, Pick<Entry, 'text' | 'files'>>();
  /** Those that one tap has sent: their words were never in the box. */
  readonly taps = new Set<string>();
  /** What is drawn over the row of an entry's conversation, and over the counts. */
  readonly #drawn = new Map<string, (message: Message | null) => void>();

  constructor(around: Around) {
    this.around = around;
    this.outbox = new Outbox(
      {
        accepted: (message, entry) => this.#accepted(message, entry),
        stuck: (entry) => {
          this.settle(entry.id, null);
          void unsentPart().then(({ stuck }) => stuck(this, entry));
        },
        shut: (entry, failure) => {
          this.settle(entry.id, null);
          void unsentPart().then(({ shut }) => shut(this, entry, failure));
        },
        unkept: (entry) => void unsentPart().then(({ unkept }) => unkept(this, entry)),
        left: (entry) => this.settle(entry.id, null),
      },
      () => this.#signedIn,
    );
    around.conversations.listen((changes) => {
      for (const { id, row } of changes) {
        if (!row) continue;
        this.#draftTold(id, row.draft?.text ?? '');
        this.#draftTold(keyOf(id, 'note'), row.note_draft?.text ?? '');
      }
    });
  }

  draft(id: string, kind: DraftKind = 'reply'): Draft {
    // Called while drawing: what loading touches must not make the drawing depend on it.
    return untrack(() => {
      const draft = this.draftHere(keyOf(id, kind));
      const thread = this.around.threads.open(id);
      // The note's box is opened later than its thread.
      void draft.load(kind === 'note' ? draft.details() : thread.load().then(() => thread.details));
      return draft;
    });
  }

  /** The files beside what is written to a conversation; at first, those that the last page left behind. */
  async bag(conversation: string): Promise<Bag> {
    const { Bag } = await bagPart();
    const { conversations, viewer } = this.around;
    const draft = this.draftHere(conversation);
    if (draft.bag) return draft.bag;
    const bag = new Bag(viewer.id, conversation, conversations, draft);
    draft.bag = bag;
    await bag.restore();
    return bag;
  }

  /** Files that the last page left behind are listed again. */
  unpack(): void {
    const begin = filesKey(this.around.viewer.id, '');
    for (const key of keysOf(begin)) void this.bag(key.slice(begin.length));
  }

  /** As this device has it; the server is asked once it is opened. */
  draftHere(key: string): Draft {
    const [id = '', kind] = key.split('/');
    const made = () => new Draft(this.around.viewer.id, id, () => this.#signedIn, kind ? 'note' : 'reply');
    const draft = this.drafts.get(key) ?? made();
    this.drafts.set(key, draft);
    return draft;
  }

  /** Enter was pressed: on the screen now, with the server soon. */
  send(
    row: Row,
    text: string,
    resendOf: string | null = null,
    parcel?: Parcel | null,
    undo = preferences.undoSends ? UNDO_S : 0,
  ): Entry {
    const { viewer, counts, conversations, threads } = this.around;
    const warm = threads.warm(row.id);
    const seen = warm?.seen ?? row.seq;
    const entry = this.outbox.send(
      {
        conversation: row.id,
        text,
        seen,
        resendOf,
        parcel: parcel ?? null,
        undo,
        job: resendOf ? warm?.messages.find(({ id }) => id === resendOf)?.job_id : jobHere(),
        closed: row.state === 'closed',
      },
      now.exact(),
    );
    void parcel?.up?.then((all) => this.#up(entry, all));
    const author = viewer.me && { id: viewer.id, name: viewer.me.name };
    const last_message = {
      seq: row.seq,
      text: text || (parcel?.called ?? ''),
      kind: 'staff',
      direction: 'out',
      author,
      status: 'queued',
      created_at: entry.created_at,
    } as const;
    // The office counts what colleagues wrote beside the others.
    const unread = row.type === 'internal' && viewer.may('browse') ? 0 : -row.unread;
    const counted = counts.draw({ attention: -Number(row.attention), unread });
    const end = conversations.draw(row.id, {
      attention: false,
      emergency: false,
      waiting_since: null,
      settled_hint: false,
      unread: 0,
      marked_unread: false,
      draft: null,
      state: 'open',
      last_message,
      last_activity_at: entry.created_at,
    });
    this.#drawn.set(entry.id, (message) => {
      end(message !== null, message?.seq);
      counted(message !== null);
    });
    return entry;
  }

  /** One tap sends: it can always be taken back for a moment. */
  sendOneTap(row: Row, text: string): void {
    this.taps.add(this.send(row, text, null, null, UNDO_S).id);
  }

  /** Takes back what was not sent: its words are in their box again, its files beside them. */
  withdraw(entry: Entry): void {
    void unsentPart().then(({ withdraw }) => withdraw(this, entry));
  }

  discard(entry: Entry): void {
    void unsentPart().then(({ discard }) => discard(this, entry));
  }

  /** The files of a message are up, or one of them is not to be: then nothing leaves, and nothing is lost. */
  #up(entry: Entry, all: boolean): void {
    if (all) this.outbox.release(entry.id);
    else void unsentPart().then(({ giveBack }) => giveBack(this, entry));
  }

  /** The live feed tells of messages; some of them may be ours, before the answer to their post. */
  heard(messages: readonly Message[]): void {
    this.outbox.confirm(messages);
    for (const message of messages) {
      const { id, author, conversation_id, status } = message;
      if (message.schedule?.undo && status !== 'scheduled')
        this.settle(id, status === 'canceled' ? null : message);
      if (status !== 'scheduled' && status !== 'canceled') this.written.delete(id);
      if (author?.id !== this.around.viewer.id || this.#told.has(id)) continue;
      this.#told.add(id);
      this.#draftTold(conversation_id, '');
      this.#draftTold(keyOf(conversation_id, 'note'), '');
    }
  }

  /** Something may have been missed: what the server has of these conversations is the truth. */
  missed(): void {
    const here = new Set(this.outbox.entries.map(({ id }) => id));
    for (const id of [...this.#drawn.keys()]) if (!here.has(id)) this.settle(id, null);
  }

  /** What the same person writes, sends or throws away elsewhere is live here, too. */
  #draftTold(id: string, said: string): void {
    const draft = this.drafts.get(id);
    if (draft?.differs(said)) void draft.refresh(draft.details());
  }

  flushDrafts(options?: { leaving: boolean }): Promise<unknown> {
    return Promise.all([...this.drafts.values()].map((draft) => draft.flush(options)));
  }

  /** What signing out would lose: messages that have not left, and drafts that the server does not take. */
  async unsaved(): Promise<Unsaved[]> {
    return (await unsentPart()).unsaved(this);
  }

  nameOf(conversation: string): string {
    const row = this.around.conversations.get(conversation);
    return row ? firstName(threadName(row)) : t('composer.someone');
  }

  /** The connection is back: no need to wait for the next try. */
  again(): void {
    this.outbox.flush();
    void this.flushDrafts();
  }

  /** The same person has signed in again. */
  resume(): void {
    this.#signedIn = true;
    this.again();
  }

  /** The session has ended. */
  pause(): void {
    this.#signedIn = false;
    this.outbox.pause();
  }

  /** Somebody else may be next in this window. */
  stop(): void {
    this.#signedIn = false;
    this.outbox.close();
  }

  settle(id: string, message: Message | null): void {
    this.#drawn.get(id)?.(message);
    this.#drawn.delete(id);
  }

  #accepted(message: Message, entry: Entry): void {
    const { id, conversation_id, kind } = message;
    this.#told.add(id);
    if (message.schedule?.undo && message.status === 'scheduled') {
      this.written.set(id, entry);
      this.#offerUndo(message);
    } else this.settle(id, message);
    this.around.threads.warm(conversation_id)?.take([message]);
    // The server takes away the words that were sent; what was written since is put there again.
    const draft = this.draftHere(keyOf(conversation_id, kind === 'note' ? 'note' : 'reply'));
    if (draft.text && (draft.unsaved || message.text.includes(draft.text.trim()))) draft.write(draft.text);
  }

  /** The server holds it for a moment. Until it goes, its conversation looks as it then will. */
  #offerUndo(message: Message): void {
    const { toasts, threads } = this.around;
    const undo = async () => {
      const { Plans } = await plansPart();
      await new Plans({ toasts, threads, sending: this }).takeBack(message);
    };
    toasts.say('up', t('later.sentUndo'), () => void undo(), null, UNDO_S * 1000);
  }
}

export const [getSending, setSending] = createContext<Sending>();
