// What a reload would lose of files that are attached and not sent. Another window of the same person has its own.
import { filesKey, type SentFile } from '../composer/storage';

export interface Kept {
  up: readonly SentFile[];
  /** Names of those that were not up. */
  lost: readonly string[];
}

/** Kept while the window is open: whoever holds none was left. */
const held = new Set<string>();

/** Whether this window has, or now takes, what is kept under a key. */
function hold(key: string): Promise<boolean> {
  if (held.has(key)) return Promise.resolve(true);
  if (!('locks' in navigator)) {
    held.add(key);
    return Promise.resolve(true);
  }
  return new Promise((resolve) => {
    void navigator.locks.request(key, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      if (!lock) return undefined;
      held.add(key);
      return new Promise(() => undefined);
    });
  });
}

export async function keptBag(staff: string, conversation: string): Promise<Kept | null> {
  const key = filesKey(staff, conversation);
  if (!(await hold(key))) return null;
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

export function keepBag(staff: string, conversation: string, kept: Kept): void {
  const key = filesKey(staff, conversation);
  void hold(key).then((ours) => ours && store(key, JSON.stringify(kept)));
}

export function forgetBag(staff: string, conversation: string): void {
  const key = filesKey(staff, conversation);
  void hold(key).then((ours) => ours && store(key, null));
}

function store(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // storage switched off or full: a reload forgets them
  }
}
