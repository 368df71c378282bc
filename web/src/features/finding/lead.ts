import type { Message } from '../../api/types';
import type { Thread } from '../thread/thread.svelte';
import type { Wanted } from '../thread/wanted';

let asked = 0;

/** Nobody waits for an answer any more: one that comes is late. */
export const leave = (): void => void asked++;

/** Looks for a message in the whole thread: it, that there is none, that it did not load, or that another is wanted by now. */
export async function lead(thread: Thread, wanted: Wanted): Promise<Message | 'none' | 'failed' | 'late'> {
  const mine = ++asked;
  const found = await thread.reach(wanted);
  if (mine !== asked) return 'late';
  return 'id' in found ? found : found.missing;
}
