// What this browser knows of pushes, shared by the worker and all windows: who is signed in here, the device that the
// server knows this browser as, and which messages were told of. No words and no names.

/** This browser, as the server knows it. */
export interface KnownDevice {
  id: string;
  /** Whose it is. */
  person: string;
  /** Where the server was told to push to. */
  endpoint: string;
  /** The sign-in that it was told in (`features/devices/mark.ts`): with its session's end the server pushes no more. */
  signIn: string;
}

const STORE = 'kept';
/** So many messages are remembered as told. */
const REMEMBERED = 300;

let opening: Promise<IDBDatabase> | undefined;

const done = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('refused'));
  });

function database(): Promise<IDBDatabase> {
  opening ??= (async () => {
    const request = indexedDB.open('porchlight.push', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORE);
    };
    return done(request);
  })();
  // One that was refused is asked for again: a worker lives long.
  opening.catch(() => (opening = undefined));
  return opening;
}

async function read<T>(key: string): Promise<T | null> {
  try {
    const store = (await database()).transaction(STORE).objectStore(STORE);
    return ((await done(store.get(key))) as T | undefined) ?? null;
  } catch {
    return null; // this browser keeps nothing: nobody is known here
  }
}

async function write(key: string, value: unknown): Promise<void> {
  try {
    const store = (await database()).transaction(STORE, 'readwrite').objectStore(STORE);
    const request: IDBRequest = value === null ? store.delete(key) : store.put(value, key);
    await done(request);
  } catch {
    // It is asked for again with the next start.
  }
}

/** Who is signed in here, by the id of a member of staff. */
export const knownPerson = (): Promise<string | null> => read('person');
export const setPerson = (id: string | null): Promise<void> => write('person', id);
export const knownDevice = (): Promise<KnownDevice | null> => read('device');
export const setDevice = (device: KnownDevice | null): Promise<void> => write('device', device);

/**
 * Those of these messages that nothing in this browser has told of yet; from now on something has. Asked by the worker and
 * by windows at once, each message is answered to one of them. Where nothing can be kept, all of them.
 */
export async function claim(messages: readonly string[]): Promise<readonly string[]> {
  try {
    const store = (await database()).transaction(STORE, 'readwrite').objectStore(STORE);
    const told = ((await done(store.get('told'))) as string[] | undefined) ?? [];
    const fresh = messages.filter((id) => !told.includes(id));
    if (fresh.length > 0) await done(store.put([...told, ...fresh].slice(-REMEMBERED), 'told'));
    return fresh;
  } catch {
    return messages;
  }
}
