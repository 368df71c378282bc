import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { Message } from '../../api/types';
import { ulid } from '../../app/ulid';
import { allUnsent, dropUnsent, keepUnsent, type NoteTo, type SentFile, type Unsent } from './storage';

/** Older than this, a message that never left is shown with the question instead of being sent (RULES, Sending). */
const HELD_AFTER_MS = 4 * 3_600_000;
const RETRY_MS = [1000, 2000, 4000, 8000, 15_000];

/** Refusals that close the box: trying again is of no use. */
const SHUTS = new Set(['opted-out', 'cannot-text']);

/** Why a message waits for its writer: a colleague was faster, or it is old. */
export type Held = { why: 'stale'; by: string; at: string; seq: number } | { why: 'old' };

/** A message of ours before the server has answered for it. */
export interface Entry extends Unsent {
  /** `waits`: its files are not up yet. It goes by itself once they are, and what was written later after it. */
  state: 'waits' | 'sending' | 'retrying' | 'held' | 'refused';
  held: Held | null;
  failure: Failure | null;
}

/** The files of a message. */
export interface Packed {
  files: readonly SentFile[];
  /** The writer has agreed to what these may tell. */
  uncleaned: boolean;
  /** What a message without words is called. */
  called: string;
}

/** The same of one that goes once they are up. */
export interface Parcel extends Packed {
  /** Whether all are up in the end; null where they are already. */
  up: Promise<boolean> | null;
}

/** What is new of a message that leaves. */
export interface Leaving {
  conversation: string;
  text: string;
  seen: number;
  resendOf: string | null;
  parcel: Parcel | null;
  /** Held for so many seconds, to be taken back. */
  undo?: number;
  /** It is a note for colleagues. */
  note?: NoteTo;
  /** The job from which it is written. */
  job?: string | undefined;
}

export interface OutboxEvents {
  /** The server has it: told once, by its answer or by the live feed, whichever came first. */
  accepted: (message: Message, entry: Entry) => void;
  /** Held or refused: it waits for its writer. */
  stuck: (entry: Entry) => void;
  /** The customer opted out, or the like: the text goes back to its box and the box closes. */
  shut: (entry: Entry, failure: Failure) => void;
}

/**
 * What this window is sending. An entry is on the screen in the frame in which Enter was pressed; it is posted under
 * an id of our own, in order per conversation, and posted again under the same id while no answer comes (P9).
 */
export class Outbox {
  entries = $state.raw<readonly Entry[]>([]);
  readonly #events: OutboxEvents;
  readonly #mayPost: () => boolean;
  /** Conversations with a post on its way. */
  readonly #busy = new Set<string>();
  /** Pauses between two tries; called with false they give up. */
  readonly #pauses = new Set<(goOn: boolean) => void>();
  #staff = '';

  constructor(events: OutboxEvents, mayPost: () => boolean) {
    this.#events = events;
    this.#mayPost = mayPost;
  }

  of(conversation: string): Entry[] {
    return this.entries.filter((entry) => entry.conversation === conversation);
  }

  /** What was on its way when the window closed: tried again, or held when it is old. */
  async open(staff: string, now: number): Promise<void> {
    this.#staff = staff;
    const known = new Set(this.entries.map((entry) => entry.id));
    for (const unsent of (await allUnsent(staff)).sort((a, b) => (a.created_at < b.created_at ? -1 : 1))) {
      if (known.has(unsent.id)) continue;
      const old = !unsent.note && now - Date.parse(unsent.created_at) > HELD_AFTER_MS;
      this.#put({
        ...unsent,
        state: old ? 'held' : 'sending',
        held: old ? { why: 'old' } : null,
        failure: null,
      });
    }
    this.flush();
  }

  /** No more tries until `flush`. */
  pause(): void {
    this.#endPauses(false);
  }

  /** Forgets what is on its way in this window; what is kept on the device goes once its writer is back. */
  close(): void {
    this.entries = [];
    this.#endPauses(false);
  }

  send({ conversation, text, seen, resendOf, parcel, undo = 0, note, job }: Leaving, now: number): Entry {
    const entry: Entry = {
      id: ulid(now),
      staff: this.#staff,
      conversation,
      text,
      seen_seq: seen,
      resend_of: resendOf,
      created_at: new Date(now).toISOString(),
      force: false,
      ...(undo > 0 && { undo_s: undo }),
      ...(parcel && { files: parcel.files, uncleaned: parcel.uncleaned }),
      note,
      job_id: job,
      state: parcel?.up ? 'waits' : 'sending',
      held: null,
      failure: null,
    };
    this.#put(entry);
    if (!parcel?.up) this.release(entry.id);
    return entry;
  }

  /** Nothing is in its way any more. */
  release(id: string): void {
    const entry = this.#find(id);
    if (!entry) return;
    this.#put({ ...entry, state: 'sending' });
    void keepUnsent(plain(entry));
    void this.#work(entry.conversation);
  }

  /** Send anyway: the same id, so that it can only ever be one message. */
  force(id: string): void {
    const entry = this.#find(id);
    if (!entry) return;
    this.#put({ ...entry, force: true, state: 'sending', held: null, failure: null });
    void keepUnsent({ ...plain(entry), force: true });
    void this.#work(entry.conversation);
  }

  /** Takes an entry back: it is the writer's again. What was written after it need not wait for it. */
  withdraw({ id, conversation }: Entry): void {
    this.#drop(id);
    void this.#work(conversation);
  }

  /** The connection is back, or somebody has signed in again: no need to wait for the next try. */
  flush(): void {
    this.#endPauses(true);
    for (const conversation of new Set(this.entries.map((entry) => entry.conversation)))
      void this.#work(conversation);
  }

  /** The live feed was faster than the answer. */
  confirm(messages: readonly Message[]): void {
    for (const message of messages) if (this.#find(message.id)) this.#accept(message);
  }

  #accept(message: Message): void {
    const ours = this.#find(message.id);
    this.#drop(message.id);
    if (ours) this.#events.accepted(message, ours);
  }

  #endPauses(goOn: boolean): void {
    for (const end of [...this.#pauses]) end(goOn);
  }

  /** Posts a conversation's entries one after the other, so that they keep their order. */
  async #work(conversation: string): Promise<void> {
    if (this.#busy.has(conversation)) return;
    this.#busy.add(conversation);
    try {
      for (let tries = 0; ;) {
        const entry = this.of(conversation).find(({ state }) => state !== 'held' && state !== 'refused');
        if (!entry || entry.state === 'waits' || !this.#mayPost()) return;
        const done = await this.#post(entry);
        if (done) tries = 0;
        else if (!(await this.#pause(tries++, conversation))) return;
      }
    } finally {
      this.#busy.delete(conversation);
    }
  }

  /** False: no answer came, so the same entry is to be posted again. */
  async #post(entry: Entry): Promise<boolean> {
    const { id, text, seen_seq, force, resend_of, files, uncleaned, undo_s, note, job_id } = entry;
    const attached = files && { attachments: files.map(({ id }) => id), ...(uncleaned && { uncleaned }) };
    const body = {
      id,
      text,
      seen_seq,
      ...(force && { force }),
      ...(resend_of && { resend_of }),
      ...attached,
      ...(undo_s && { undo_s }),
      ...(job_id && { job_id }),
    };
    try {
      const params = { path: { id: entry.conversation } };
      if (note) {
        const said = { id, text, crew: note.crew, mentions: [...note.mentions] };
        this.#accept(await answer(api.POST('/api/conversations/{id}/notes', { params, body: said })));
        return true;
      }
      this.#accept(await answer(api.POST('/api/conversations/{id}/messages', { params, body })));
      return true;
    } catch (cause) {
      return this.#refused(entry, Failure.from(cause));
    }
  }

  #refused(entry: Entry, failure: Failure): boolean {
    if (!this.#find(entry.id)) return true;
    // Signed out: it stays, and goes once its writer is back.
    if (failure.passing || failure.status === 401) {
      this.#put({ ...entry, state: 'retrying', failure });
      return false;
    }
    if (SHUTS.has(failure.slug)) {
      this.#drop(entry.id);
      this.#events.shut(entry, failure);
      return true;
    }
    const held = stale(failure);
    const stuck: Entry = { ...entry, state: held ? 'held' : 'refused', held, failure };
    this.#put(stuck);
    this.#events.stuck(stuck);
    return true;
  }

  /** False when there is no point in waiting: `flush` starts anew once the connection, or the session, is back. */
  #pause(tries: number, conversation: string): Promise<boolean> {
    const signedOut = this.of(conversation).some(({ failure }) => failure?.status === 401);
    if (signedOut || !this.#mayPost()) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (goOn: boolean) => {
        clearTimeout(timer);
        this.#pauses.delete(end);
        resolve(goOn);
      };
      const timer = setTimeout(() => end(true), RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
      this.#pauses.add(end);
    });
  }

  #find(id: string): Entry | undefined {
    return this.entries.find((entry) => entry.id === id);
  }

  #put(entry: Entry): void {
    // In its place: the order of writing is the order of sending.
    if (this.#find(entry.id)) this.entries = this.entries.map((one) => (one.id === entry.id ? entry : one));
    else this.entries = [...this.entries, entry];
  }

  #drop(id: string): void {
    this.entries = this.entries.filter((entry) => entry.id !== id);
    void dropUnsent(id);
  }
}

/** "Ana replied 40 s ago": a 409 that names who wrote, and when (PROTOCOLS §5). */
function stale({ status, problem }: Failure): Held | null {
  if (status !== 409) return null;
  const { who, when, seq } = problem as { who?: { name?: string }; when?: string; seq?: number };
  return who?.name && when ? { why: 'stale', by: who.name, at: when, seq: seq ?? 0 } : null;
}

/** What is kept on the device of a message on its way; of its files, the server's word. */
const plain = ({ state: _, held: _h, failure: _f, files, ...kept }: Entry): Unsent => ({
  ...kept,
  ...(files && { files: files.map(({ up, ...file }) => up ?? file) }),
});
