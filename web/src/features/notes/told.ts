import type { Message } from '../../api/types';
import { firstName, threadName } from '../../app/format';
import { router } from '../../app/router.svelte';
import { t } from '../../app/strings';
import { named } from '../conversations/address';
import type { Conversations } from '../conversations/conversations.svelte';
import type { Viewer } from '../session/viewer.svelte';
import type { Toasts } from '../toasts/toasts.svelte';

interface Around {
  viewer: Viewer;
  conversations: Conversations;
  toasts: Toasts;
}

const told = new Set<string>();

/** Notes that name the viewer, each once; of the thread that they look at the thread itself tells. */
export function tellMentions(messages: readonly Message[], { viewer, conversations, toasts }: Around): void {
  for (const { id, conversation_id, author, mentions } of messages) {
    if (told.has(id) || !mentions.some((one) => one.id === viewer.id) || author?.id === viewer.id) continue;
    told.add(id);
    if (named().id === conversation_id && !document.hidden) continue;
    const row = conversations.get(conversation_id);
    const words = t('notes.mentioned', {
      by: firstName(author?.name ?? ''),
      name: row ? threadName(row) : t('composer.someone'),
    });
    const open = () => router.go(`/conversations/${conversation_id}/messages/${id}`);
    toasts.say('lock', words, null, open);
  }
}
