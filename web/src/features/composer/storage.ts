import type { Media } from '../../api/types';

/** What is being written to a conversation, on this device. `kept`: the server has exactly this text. */
export interface LocalDraft {
  text: string;
  kept: boolean;
}

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
  created_at: string;
  force: boolean;
  files?: readonly SentFile[];
  /** What the files may tell was agreed to. */
  uncleaned?: boolean;
  /** Held for so many seconds, to be taken back. Part of the command: it stays as it was first asked. */
  undo_s?: number;
  /** The job from which it was written. */
  job_id?: string | undefined;
  /** A note for colleagues: it goes to no customer. */
  note?: NoteTo | undefined;
}

/** Whom a note is for, and who is named in it. */
export interface NoteTo {
  crew: boolean;
  mentions: readonly string[];
}

const BOX = 'unsent';

let opening: Promise<IDBDatabase | null> | undefined;

const done = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('refused'));
  });

/** Null where the browser keeps nothing (private windows, full disks): the app works, it only forgets on reload. */
function database(): Promise<IDBDatabase | null> {
  opening ??= (async () => {
    const request = indexedDB.open('porchlight', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(BOX, { keyPath: 'id' });
    };
    return done(request);
  })().catch(() => null);
  return opening;
}

/** One request; nothing when it cannot be kept here. */
async function ask<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  const db = await database();
  try {
    return db ? await done(act(db.transaction(BOX, mode).objectStore(BOX))) : undefined;
  } catch {
    return undefined;
  }
}

export async function keepUnsent(entry: Unsent): Promise<void> {
  await ask('readwrite', (box) => box.put(entry));
}

export async function dropUnsent(id: string): Promise<void> {
  await ask('readwrite', (box) => box.delete(id));
}

export async function allUnsent(staff: string): Promise<Unsent[]> {
  const all = (await ask<Unsent[]>('readonly', (box) => box.getAll())) ?? [];
  return all.filter((entry) => entry.staff === staff);
}

// A draft belongs to one person: another who signs in on this computer must not see it. It is in `localStorage`, which
// has it before the keystroke ends: a page that goes in that moment loses nothing.
const DRAFT = 'porchlight.draft.';
const draftKey = (staff: string, conversation: string) => `${DRAFT}${staff}/${conversation}`;

export function localDraft(staff: string, conversation: string): LocalDraft | null {
  try {
    return JSON.parse(localStorage.getItem(draftKey(staff, conversation)) ?? 'null') as LocalDraft | null;
  } catch {
    return null;
  }
}

export function keepDraft(staff: string, conversation: string, draft: LocalDraft | null): void {
  try {
    if (draft) localStorage.setItem(draftKey(staff, conversation), JSON.stringify(draft));
    else localStorage.removeItem(draftKey(staff, conversation));
  } catch {
    // storage switched off or full: the server has it a moment later
  }
}

/** The conversations to which this person wrote something that the server does not have. */
export function unkeptDrafts(staff: string): string[] {
  return keysOf(draftKey(staff, ''))
    .map((key) => key.slice(draftKey(staff, '').length))
    .filter((conversation) => localDraft(staff, conversation)?.kept === false);
}

/** The names in the device's storage that begin so. */
export function keysOf(begin: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(begin));
  } catch {
    return []; // nothing was kept
  }
}

/** Where the files are named that are attached and not sent. */
export const filesKey = (staff: string, conversation: string) => `porchlight.files.${staff}/${conversation}`;

/** Leaves nothing of this person behind on the device: signing out. */
export async function forgetEverything(staff: string): Promise<void> {
  for (const begin of [
    draftKey(staff, ''),
    filesKey(staff, ''),
    `porchlight.template/${staff}`,
    `porchlight.quick/${staff}`,
  ])
    for (const key of keysOf(begin)) localStorage.removeItem(key);
  for (const { id } of await allUnsent(staff)) await dropUnsent(id);
}
