import type { Message } from '../../api/types';
import { now } from '../../app/now.svelte';
import { patient } from '../../app/patient';
import { ulid } from '../../app/ulid';
import type { Entry, OutboxEvents, Shown } from '../outbox/entry';
import type { Posting } from '../outbox/posting';
import { note, type Held, type NoteTo, type SentFile, type Unsent } from './storage';

const postingPart = patient(() => import('../outbox/posting'));

export type { Entry, Held };

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
  /** Whether all are up in the end, or only the line is in their way; null where they are already. */
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
  job?: string | null | undefined;
  /** Its thread is closed already. */
  closed?: boolean;
}

/**
 * What this person is sending, in every tab. An entry is on the screen in the frame in which Enter was pressed, and
 * written down in the same step; what keeps and posts it comes once the window stands (outbox/posting.ts).
 */
export class Outbox implements Shown {
  entries = $state.raw<readonly Entry[]>([]);
  readonly events: OutboxEvents;
  readonly mayPost: () => boolean;
  #posting: Posting | null = null;
  #staff = '';
  #last = 0;

  constructor(events: OutboxEvents, mayPost: () => boolean) {
    this.events = events;
    this.mayPost = mayPost;
  }

  of(conversation: string): Entry[] {
    return this.entries.filter((entry) => entry.conversation === conversation);
  }

  find(id: string): Entry | undefined {
    return this.entries.find((entry) => entry.id === id);
  }

  async #with(act: (posting: Posting) => unknown): Promise<void> {
    const { Posting } = await postingPart();
    act((this.#posting ??= new Posting(this)));
  }

  /** Whose it is. What was on its way when the last window closed goes on. */
  open(staff: string): void {
    this.#staff = staff;
    void this.#with((posting) => staff === this.#staff && posting.open(staff));
  }

  pause(): void {
    this.#posting?.pause();
  }

  /** Forgets what is on its way in this window; what is kept on the device goes once its writer is back. */
  close(): void {
    this.#staff = '';
    this.entries = [];
    this.#posting?.close();
  }

  send(
    { conversation, text, seen, resendOf, parcel, undo = 0, note: to, job, closed }: Leaving,
    at: number,
  ): Entry {
    this.#last = Math.max(at, this.#last + 1);
    const unsent: Unsent = {
      id: ulid(at),
      staff: this.#staff,
      conversation,
      text,
      seen_seq: seen,
      resend_of: resendOf,
      created_at: new Date(at).toISOString(),
      n: this.#last,
      force: false,
      ...(undo > 0 && { undo_s: undo }),
      ...(parcel && { files: parcel.files, uncleaned: parcel.uncleaned }),
      note: to,
      job_id: job ?? undefined,
      device_at: Date.now(),
      clocked: now.known,
      closed: closed ?? false,
      late: false,
    };
    const state = parcel?.up ? 'waits' : 'sending';
    const entry: Entry = { ...unsent, state, held: null, failure: null, noted: note(unsent) };
    this.put(entry);
    void this.#with((posting) => posting.take(entry));
    return entry;
  }

  /** Nothing is in its way any more. */
  release(id: string): void {
    this.#change(id, { state: 'sending', held: null, failure: null, stuck: null });
  }

  /** Send anyway: the same id, so that it can only ever be one message. */
  force(id: string): void {
    const why = this.find(id)?.held?.why;
    const more = { state: 'sending', held: null, failure: null, stuck: null } as const;
    // Without the job that is no longer theirs; what a colleague wrote meanwhile is still asked about.
    if (why === 'job') this.#change(id, { ...more, job_id: undefined });
    else this.#change(id, { ...more, force: true, ...(why === 'tells' && { uncleaned: true }) });
  }

  /** Its conversation is its writer's no more: what waits for them there, or behind that, says so, each for itself. */
  strand(conversation: string, behind = false): void {
    const held = { why: 'gone' } as const;
    const stuck = { held, status: 404, problem: {} };
    for (const { id, state, held: was } of this.of(conversation))
      if ((behind || state === 'held' || state === 'refused') && was?.why !== 'gone')
        this.#change(id, { state: 'held', held, stuck });
  }

  #change(id: string, change: Partial<Entry>): void {
    const entry = this.mark(id, change);
    if (entry) void this.#with((posting) => posting.change(entry));
  }

  mark(id: string, change: Partial<Entry>): Entry | undefined {
    const entry = this.find(id);
    if (entry) this.put({ ...entry, ...change });
    return this.find(id);
  }

  /** Takes an entry back: it is the writer's again. What was written after it need not wait for it. */
  withdraw(entry: Entry): void {
    this.drop(entry);
    void this.#with((posting) => posting.go(entry.conversation));
  }

  /** No need to wait for the next try. */
  flush(): void {
    this.#posting?.flush();
  }

  /** The live feed was faster than the answer. */
  confirm(messages: readonly Message[]): void {
    for (const message of messages) if (this.find(message.id)) this.accept(message);
  }

  accept(message: Message): void {
    const ours = this.find(message.id);
    if (!ours) return;
    this.drop(ours, message);
    this.events.accepted(message, ours);
  }

  /** It is no longer on its way, and not by what was done here. */
  left(id: string): void {
    const entry = this.find(id);
    if (!entry) return;
    this.entries = this.entries.filter((one) => one !== entry);
    this.events.left(entry);
  }

  put(entry: Entry): void {
    this.#last = Math.max(this.#last, entry.n ?? 0);
    // In its place: the order of writing is the order of sending.
    if (this.find(entry.id)) this.entries = this.entries.map((one) => (one.id === entry.id ? entry : one));
    else {
      const at = this.entries.findIndex(({ n }) => n > entry.n);
      this.entries = this.entries.toSpliced(at < 0 ? this.entries.length : at, 0, entry);
    }
  }

  drop(entry: Entry, message?: Message): void {
    this.entries = this.entries.filter(({ id }) => id !== entry.id);
    void this.#with((posting) => posting.drop(entry, message));
  }
}
