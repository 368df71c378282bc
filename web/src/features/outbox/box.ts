// Where messages wait on this device, with the bytes of their files: one store for every tab and for the worker. What is
// of a person goes only under that person's session. Nothing here knows of windows.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

import type { KeptFile, Unsent } from './item';

interface Messages extends DBSchema {
  unsent: { key: string; value: Unsent };
}

/** Bytes, not blobs: some browsers keep no blob in a private window. */
interface Files extends DBSchema {
  bytes: { key: string; value: { key: string; staff: string; type: string; bytes: ArrayBuffer } };
}

/** Opened once; null where the browser keeps nothing: a private window, a full disk. Asked anew then: room may be made. */
function opener<S extends DBSchema>(open: () => Promise<IDBPDatabase<S>>) {
  let opening: Promise<IDBPDatabase<S> | null> | undefined;
  return () =>
    (opening ??= (async () => open())().catch(() => {
      opening = undefined;
      return null;
    }));
}

const messages = opener(() =>
  openDB<Messages>('porchlight', 1, {
    upgrade: (db) => void db.createObjectStore('unsent', { keyPath: 'id' }),
  }),
);
const files = opener(() =>
  openDB<Files>('porchlight.files', 1, {
    upgrade: (db) => void db.createObjectStore('bytes', { keyPath: 'key' }),
  }),
);

/** What comes of it; null where the store is not there, or has no room. */
async function ask<S extends DBSchema, T>(
  opened: () => Promise<IDBPDatabase<S> | null>,
  act: (db: IDBPDatabase<S>) => Promise<T>,
): Promise<T | null> {
  const db = await opened();
  try {
    return db && (await act(db));
  } catch {
    return null;
  }
}

/** A file's bytes beside its message. */
export interface Bytes {
  key: string;
  blob: Blob;
}

/** Keeps a message; of its files the bytes first, and without them not the message either. True once all is on the disk. */
export async function keep(unsent: Unsent, bytes: readonly Bytes[] = []): Promise<boolean> {
  for (const one of bytes) if (!(await keepBytes(unsent.staff, one))) return false;
  const kept = await ask(messages, async (db) => {
    const act = db.transaction('unsent', 'readwrite', { durability: 'strict' });
    await Promise.all([act.store.put(unsent), act.done]);
    return true;
  });
  return kept ?? false;
}

async function keepBytes(staff: string, { key, blob }: Bytes): Promise<boolean> {
  const bytes = await blob.arrayBuffer();
  const kept = await ask(files, (db) => db.put('bytes', { key, staff, type: blob.type, bytes }));
  return kept !== null;
}

/** It has gone, or was thrown away: its files too. */
export async function drop({ id, files: of = [] }: Pick<Unsent, 'id' | 'files'>): Promise<void> {
  await ask(messages, (db) => db.delete('unsent', id));
  for (const { key } of of) if (key) await ask(files, (db) => db.delete('bytes', key));
}

/** Null where this cannot be told. */
export const find = (id: string): Promise<Unsent | undefined | null> =>
  ask(messages, (db) => db.get('unsent', id));

export async function bytesOf(key: string): Promise<Blob | undefined> {
  const kept = await ask(files, (db) => db.get('bytes', key));
  return kept ? new Blob([kept.bytes], { type: kept.type }) : undefined;
}

/** The bytes of these files, for a box that they go back to. */
export async function filesOf(files: readonly KeptFile[]): Promise<File[]> {
  // All are asked for before anything else is done with them.
  const blobs = await Promise.all(files.map(({ key }) => (key ? bytesOf(key) : undefined)));
  return files.flatMap(({ name, content_type }, at) =>
    blobs[at] ? new File([blobs[at]], name, { type: content_type }) : [],
  );
}

/** Everything of a person, in the order of writing; of everybody for the worker, which asks whose session it is. */
export async function all(staff?: string): Promise<Unsent[]> {
  const found = (await ask(messages, (db) => db.getAll('unsent'))) ?? [];
  return found.filter((one) => staff === undefined || one.staff === staff).sort(inOrder);
}

/** As they were written. Those of an older build have no number. */
export const inOrder = (a: Unsent, b: Unsent): number => (a.n ?? 0) - (b.n ?? 0) || (a.id < b.id ? -1 : 1);

/** Signing out. */
export async function forgetAll(staff: string): Promise<void> {
  for (const { id } of await all(staff)) await drop({ id });
  const left = (await ask(files, (db) => db.getAll('bytes'))) ?? [];
  for (const one of left) if (one.staff === staff) await ask(files, (db) => db.delete('bytes', one.key));
}

/** One at a time delivers a thread, over tabs and the worker. Where no lock is to be had, ids make repeats harmless. */
export async function alone<T>(
  { staff, conversation }: Pick<Unsent, 'staff' | 'conversation'>,
  act: () => Promise<T>,
  options: LockOptions = {},
): Promise<T | null> {
  const { locks } = navigator as { locks?: LockManager };
  const name = `porchlight.outbox/${staff}/${conversation}`;
  return locks ? locks.request(name, options, (lock) => (lock ? act() : null)) : act();
}

/** What tabs and the worker tell each other of one person's messages. */
export type Told = { put: string } | { gone: string; message?: unknown } | { flush: true };

export const channelOf = (staff: string): BroadcastChannel | null =>
  'BroadcastChannel' in globalThis ? new BroadcastChannel(`porchlight.outbox.${staff}`) : null;
