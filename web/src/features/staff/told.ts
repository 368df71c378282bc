import { repeat } from '../../api/again';
import { answer, api } from '../../api/client';
import type { Conversations } from '../conversations/conversations.svelte';
import type { ConversationList } from '../conversations/list.svelte';
import type { Viewer } from '../session/viewer.svelte';
import type { Threads } from '../thread/threads.svelte';
import type { Toasts } from '../toasts/toasts.svelte';
import { tellOff } from '../dayoff/tell';

/** What is read again, or forgotten. */
interface Screen {
  viewer: Viewer;
  conversations: Conversations;
  list: ConversationList;
  threads: Threads;
  toasts: Toasts;
}

/**
 * Somebody came or left, or may do more or less: who looks is read anew. Whoever saw everything and does so no longer
 * keeps nothing of it on the screen.
 */
export async function readAgain({ viewer, conversations, list, threads, toasts }: Screen): Promise<void> {
  const [saw, before] = [viewer.me?.may.includes('browse'), viewer.me?.staff ?? []];
  // A failure is told of by the line that is down; the next word of it, or the next page, brings the rest.
  const me = await repeat(() => answer(api.GET('/api/me'))).catch(() => null);
  if (!me || me.id !== viewer.id) return;
  viewer.me = me;
  tellOff({ me, before, toasts });
  if (!saw || me.may.includes('browse')) return;
  for (const id of [...conversations.known.keys()]) conversations.remove(id);
  void list.reload();
  threads.reload();
}
