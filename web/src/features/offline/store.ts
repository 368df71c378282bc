// What one person has read on this device, kept so that it can be read again without a connection. It is only that
// person's, ends with their access, and has a budget: what was read longest ago goes first.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

import type { Conversation, Counts, Me, Message, Row, Workday } from '../../api/types';

/** Threads with their messages, beside rows of the list. */
const MOST_THREADS = 150;
const MOST_ROWS = 500;
const MOST_MESSAGES = 400;
/** Bytes of pictures. */
const MOST_PICTURES = 80_000_000;
/** As long as access may last after a job (RULES): what nobody has confirmed since then is not kept. */
const GRACE_MS = 14 * 86_400_000;

/** Who they are, as the server last said, and when that was. */
export interface Person {
  staff: string;
  me: Me;
  counts: Counts | null;
  /** The last contact with the server: what is kept is as of then. */
  at: number;
}

/** A conversation: its row, and what was read of it. */
export interface KeptThread {
  staff: string;
  id: string;
  row: Row;
  details: Conversation | null;
  /** The newest, oldest first, without holes. */
  messages: readonly Message[];
  before: number | null;
  /** When the server last told of it. */
  at: number;
  /** When it was last opened. */
  read: number;
  /** The job that it is kept for: it goes last. */
  job: string | null;
}

interface Picture {
  staff: string;
  url: string;
  thread: string;
  type: string;
  bytes: ArrayBuffer;
  at: number;
}

/** What is kept of a job (row 118). */
export interface KeptJob {
  staff: string;
  id: string;
  threads: readonly string[];
  state: 'there' | 'coming' | 'failed';
  /** Why it could not be kept. */
  why: 'line' | 'room' | null;
  at: number;
}

/** The jobs of today and tomorrow, as the server last told them. */
interface KeptDay {
  staff: string;
  day: Workday;
}

interface Schema extends DBSchema {
  people: { key: string; value: Person };
  threads: { key: [string, string]; value: KeptThread };
  pictures: { key: [string, string]; value: Picture };
  jobs: { key: [string, string]; value: KeptJob };
  days: { key: string; value: KeptDay };
}

let opening: Promise<IDBPDatabase<Schema> | null> | undefined;

const open = (): Promise<IDBPDatabase<Schema> | null> =>
  (opening ??= (async () =>
    openDB<Schema>('porchlight.kept', 1, {
      upgrade(db) {
        db.createObjectStore('people', { keyPath: 'staff' });
        db.createObjectStore('threads', { keyPath: ['staff', 'id'] });
        db.createObjectStore('pictures', { keyPath: ['staff', 'url'] });
        db.createObjectStore('jobs', { keyPath: ['staff', 'id'] });
        db.createObjectStore('days', { keyPath: 'staff' });
      },
    }))().catch(() => {
    opening = undefined;
    return null;
  }));

/** Null where nothing can be kept, or there is no room: it is only a copy, and the app works without. */
async function ask<T>(act: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T | null> {
  const db = await open();
  try {
    return db && (await act(db));
  } catch {
    return null;
  }
}

const of = (staff: string) => IDBKeyRange.bound([staff], [staff, []]);

export const personOf = (staff: string): Promise<Person | undefined | null> =>
  ask((db) => db.get('people', staff));

export const keepPerson = (person: Person): Promise<unknown> => ask((db) => db.put('people', person));

export const threadOf = (staff: string, id: string): Promise<KeptThread | undefined | null> =>
  ask((db) => db.get('threads', [staff, id]));

export const threadsOf = async (staff: string): Promise<KeptThread[]> =>
  (await ask((db) => db.getAll('threads', of(staff)))) ?? [];

/** Changes what is kept of a conversation, and lets go of files that it shows no more; false where there is no room for it. */
export async function changeThread(
  staff: string,
  id: string,
  change: (had: KeptThread | undefined) => KeptThread | null,
): Promise<boolean> {
  const kept = await ask(async (db) => {
    const act = db.transaction('threads', 'readwrite');
    const had = await act.store.get([staff, id]);
    const changed = change(had);
    const now = changed && { ...changed, messages: changed.messages.slice(-MOST_MESSAGES) };
    await Promise.all([now && act.store.put(now), act.done]);
    const shown = filesIn(now ?? had);
    return [...filesIn(had)].filter((url) => !shown.has(url));
  });
  for (const url of kept ?? []) await ask((db) => db.delete('pictures', [staff, url]));
  return kept !== null;
}

/** Where the files of its messages are; what was deleted has none. */
const filesIn = (thread: KeptThread | undefined): ReadonlySet<string> =>
  new Set(
    thread?.messages.flatMap(({ deleted_at, media }) => (deleted_at ? [] : media.map(({ url }) => url))),
  );

/** Access has ended, or the thread is no more: its pictures go too. */
export async function dropThread(staff: string, id: string): Promise<void> {
  await ask((db) => db.delete('threads', [staff, id]));
  for (const { url, thread } of (await ask((db) => db.getAll('pictures', of(staff)))) ?? [])
    if (thread === id) await ask((db) => db.delete('pictures', [staff, url]));
}

export async function pictureOf(staff: string, url: string): Promise<Blob | null> {
  const kept = await ask((db) => db.get('pictures', [staff, url]));
  return kept ? new Blob([kept.bytes], { type: kept.type }) : null;
}

/** Keeps a picture that the server gives; `there` when it is kept already. */
export async function keepPicture(
  staff: string,
  thread: string,
  url: string,
): Promise<'there' | 'line' | 'room'> {
  if (await ask((db) => db.getKey('pictures', [staff, url]))) return 'there';
  const answer = await fetch(new URL(url, location.origin), { cache: 'force-cache' }).catch(() => null);
  const type = answer?.headers.get('content-type') ?? '';
  if (!answer?.ok || answer.redirected || !/^(image|video|audio|application)\//.test(type)) return 'line';
  const bytes = await answer.arrayBuffer().catch(() => null);
  if (!bytes) return 'line';
  const kept = await ask((db) => db.put('pictures', { staff, thread, url, type, bytes, at: Date.now() }));
  return kept ? 'there' : 'room';
}

export const jobsOf = async (staff: string): Promise<KeptJob[]> =>
  (await ask((db) => db.getAll('jobs', of(staff)))) ?? [];
export const keepJob = (job: KeptJob): Promise<unknown> => ask((db) => db.put('jobs', job));
export const dropJob = (staff: string, id: string): Promise<unknown> =>
  ask((db) => db.delete('jobs', [staff, id]));

export const dayOf = async (staff: string): Promise<Workday | null> =>
  (await ask((db) => db.get('days', staff)))?.day ?? null;
export const keepDay = (staff: string, day: Workday): Promise<unknown> =>
  ask((db) => db.put('days', { staff, day }));

/** What nobody has confirmed for too long goes, then what was read longest ago, until all is within the budget. */
export async function prune(staff: string, now: number): Promise<void> {
  const threads = (await threadsOf(staff)).sort(byUse);
  const old = threads.filter(({ at }) => now - at > GRACE_MS);
  for (const { id } of old) await dropThread(staff, id);
  const left = threads.filter((one) => !old.includes(one));
  for (const { id } of left.slice(MOST_ROWS)) await dropThread(staff, id);
  for (const { id } of left.filter(({ details }) => details).slice(MOST_THREADS))
    await changeThread(staff, id, (had) =>
      had ? { ...had, details: null, messages: [], before: null } : null,
    );
  await prunePictures(staff, new Set(left.filter(({ job }) => job).map(({ id }) => id)));
}

/** Those of jobs last; else the newest first. */
export const byUse = (a: KeptThread, b: KeptThread): number =>
  Number(b.job !== null) - Number(a.job !== null) || Math.max(b.read, b.at) - Math.max(a.read, a.at);

async function prunePictures(staff: string, jobs: ReadonlySet<string>): Promise<void> {
  const all = (await ask((db) => db.getAll('pictures', of(staff)))) ?? [];
  all.sort((a, b) => Number(jobs.has(b.thread)) - Number(jobs.has(a.thread)) || b.at - a.at);
  let sum = 0;
  for (const { url, bytes } of all)
    if ((sum += bytes.byteLength) > MOST_PICTURES) await ask((db) => db.delete('pictures', [staff, url]));
}

/** Signing out: nothing of them stays. */
export async function forget(staff: string): Promise<void> {
  for (const name of ['people', 'days'] as const) await ask((db) => db.delete(name, staff));
  for (const name of ['threads', 'pictures', 'jobs'] as const) await ask((db) => db.delete(name, of(staff)));
}

/** Somebody else is at this device now: what was read before is not for them. */
export async function forgetOthers(staff: string): Promise<void> {
  for (const person of (await ask((db) => db.getAllKeys('people'))) ?? [])
    if (person !== staff) await forget(person);
}
