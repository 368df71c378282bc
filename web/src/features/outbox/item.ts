// What is on its way, as it is kept on the device.
import type { Media } from '../../api/types';

/** A file that leaves with a message. */
export interface SentFile {
  id: string;
  name: string;
  content_type: string;
  kind: NonNullable<Media['kind']>;
  size: number;
  width: number | null;
  height: number | null;
  /** Place, device and owner cannot be taken out of it. */
  asks: boolean;
  /** The server's word of one that this page has brought up. */
  up?: SentFile | null;
}

/** A message on its way whose answer has not come. Repeating it under the same id is harmless (P9). */
export interface Unsent {
  id: string;
  staff: string;
  conversation: string;
  text: string;
  seen_seq: number;
  resend_of: string | null;
  /** By the server's clock, as far as it was known. */
  created_at: string;
  /** The order of writing, on this device. */
  n: number;
  force: boolean;
  files?: readonly KeptFile[];
  /** What the files may tell was agreed to. */
  uncleaned?: boolean;
  /** Held for so many seconds, to be taken back. Part of the command: it stays as it was first asked. */
  undo_s?: number;
  /** The job from which it was written. */
  job_id?: string | undefined;
  /** A note for colleagues: it goes to no customer. */
  note?: NoteTo | undefined;
  /** This device's own clock when it was written; without the server's, ages are told by it. */
  device_at: number;
  /** The server's clock was known then. */
  clocked: boolean;
  /** It was written to a thread that was closed already. */
  closed: boolean;
  /** A try without an answer, or a restart, lies behind it: it is looked at again before it goes. */
  late: boolean;
  /** It waits for its writer. */
  stuck?: Stuck | null;
}

/** A file of a message on its way; its bytes are in the outbox under its key until the message has gone. */
export interface KeptFile extends SentFile {
  key?: string;
}

/** Why a message waits for its writer. */
export type Held =
  | { why: 'stale'; by: string; at: string; seq: number }
  | { why: 'old' | 'closed' | 'opted-out' | 'gone' | 'tells' | 'job' };

/** What the server, or a look at the thread before sending, said against a message. */
export interface Stuck {
  held: Held | null;
  status: number;
  problem: { type?: string; title?: string; detail?: string };
}

/** Whom a note is for, and who is named in it. */
export interface NoteTo {
  crew: boolean;
  mentions: readonly string[];
}
