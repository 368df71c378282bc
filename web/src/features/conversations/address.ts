import { router } from '../../app/router.svelte';

/** `/`, the list, a conversation, or a message of one. */
export const ROUTE = /^\/(?:conversations(?:\/([^/]+)(?:\/messages\/([^/]+))?)?\/?)?$/;

/** What the address names; both null for the list alone, and on another page. */
export function named(): { id: string | null; message: string | null } {
  const [, id = null, message = null] = ROUTE.exec(router.path) ?? [];
  return { id, message };
}

/** Whether the conversations are what is shown. */
export const atConversations = (): boolean => ROUTE.test(router.path);
