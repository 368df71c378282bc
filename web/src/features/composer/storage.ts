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

type Box = 'drafts' | 'unsent';

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
      request.result.createObjectStore('drafts');
      request.result.createObjectStore('unsent', { keyPath: 'id' });
    };
    return done(request);
  })().catch(() => null);
  return opening;
}

/** One request to one box; nothing when it cannot be kept here. */
async function ask<T>(
  box: Box,
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  const db = await database();
  try {
    return db ? await done(act(db.transaction(box, mode).objectStore(box))) : undefined;
  } catch {
    return undefined;
  }
}

// A draft belongs to one person: another who signs in on this computer must not see it.
const draftKey = (staff: string, conversation: string) => `${staff}/${conversation}`;

export const localDraft = (staff: string, conversation: string) =>
  ask<LocalDraft | undefined>('drafts', 'readonly', (box) => box.get(draftKey(staff, conversation)));

export async function keepDraft(staff: string, conversation: string, draft: LocalDraft): Promise<void> {
  await ask('drafts', 'readwrite', (box) => box.put(draft, draftKey(staff, conversation)));
}

export async function dropDraft(staff: string, conversation: string): Promise<void> {
  await ask('drafts', 'readwrite', (box) => box.delete(draftKey(staff, conversation)));
}

export async function keepUnsent(entry: Unsent): Promise<void> {
  await ask('unsent', 'readwrite', (box) => box.put(entry));
}

export async function dropUnsent(id: string): Promise<void> {
  await ask('unsent', 'readwrite', (box) => box.delete(id));
}

export async function allUnsent(staff: string): Promise<Unsent[]> {
  const all = (await ask<Unsent[]>('unsent', 'readonly', (box) => box.getAll())) ?? [];
  return all.filter((entry) => entry.staff === staff);
}

/** Leaves nothing behind on this device: signing out. */
export async function forgetEverything(): Promise<void> {
  await Promise.all(
    (['drafts', 'unsent'] as const).map((box) => ask(box, 'readwrite', (all) => all.clear())),
  );
}
