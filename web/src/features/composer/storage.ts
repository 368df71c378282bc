import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** What is being written to a conversation, on this device. `kept`: the server has exactly this text. */
export interface LocalDraft {
  text: string;
  updated_at: string;
  kept: boolean;
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
}

interface Schema extends DBSchema {
  drafts: { key: string; value: LocalDraft };
  unsent: { key: string; value: Unsent };
}

let opening: Promise<IDBPDatabase<Schema> | null> | undefined;

/** Null where the browser keeps nothing (private windows, full disks): the app works, it only forgets on reload. */
function database(): Promise<IDBPDatabase<Schema> | null> {
  opening ??= openDB<Schema>('porchlight', 1, {
    upgrade(db) {
      db.createObjectStore('drafts');
      db.createObjectStore('unsent', { keyPath: 'id' });
    },
  }).catch(() => null);
  return opening;
}

// A draft belongs to one person: another who signs in on this computer must not see it.
const draftKey = (staff: string, conversation: string) => `${staff}/${conversation}`;

export async function localDraft(staff: string, conversation: string): Promise<LocalDraft | undefined> {
  return (await database())?.get('drafts', draftKey(staff, conversation)).catch(() => undefined);
}

export async function keepDraft(staff: string, conversation: string, draft: LocalDraft): Promise<void> {
  await (await database())?.put('drafts', draft, draftKey(staff, conversation)).catch(() => undefined);
}

export async function dropDraft(staff: string, conversation: string): Promise<void> {
  await (await database())?.delete('drafts', draftKey(staff, conversation)).catch(() => undefined);
}

export async function keepUnsent(entry: Unsent): Promise<void> {
  await (await database())?.put('unsent', entry).catch(() => undefined);
}

export async function dropUnsent(id: string): Promise<void> {
  await (await database())?.delete('unsent', id).catch(() => undefined);
}

export async function allUnsent(staff: string): Promise<Unsent[]> {
  const all = (await (await database())?.getAll('unsent').catch(() => [])) ?? [];
  return all.filter((entry) => entry.staff === staff);
}

/** Leaves nothing behind on this device: signing out. */
export async function forgetEverything(): Promise<void> {
  const db = await database();
  await Promise.all([db?.clear('drafts'), db?.clear('unsent')]).catch(() => undefined);
}
