import { t } from '../../app/strings';
import type { Toasts } from '../toasts/toasts.svelte';

/** The address of a conversation, or of a message in it, to paste elsewhere. */
export async function copyLink(toasts: Toasts, conversation: string, message?: string): Promise<void> {
  const path = `/conversations/${conversation}${message ? `/messages/${message}` : ''}`;
  try {
    await navigator.clipboard.writeText(location.origin + path);
    toasts.say('link', t('acts.linkCopied'));
  } catch {
    toasts.say('alert', t('acts.linkRefused'));
  }
}
