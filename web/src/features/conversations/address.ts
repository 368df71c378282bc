import { router } from '../../app/router.svelte';

/** `/`, the list, a conversation, or a message of one. */
export const ROUTE = /^\/(?:conversations(?:\/([^/]+)(?:\/messages\/([^/]+))?)?\/?)?$/;

/** A conversation stands below the job that it was opened from, too. */
const OF_JOB = /^\/jobs\/([^/]+)(?=\/conversations)/;

/** What the address names; both null for the list alone, and on another page. */
export function named(): { id: string | null; message: string | null } {
  const [, id = null, message = null] = ROUTE.exec(router.path.replace(OF_JOB, '')) ?? [];
  return { id, message };
}

/** The job from which somebody writes, where the address names one. */
export const jobHere = (): string | undefined => OF_JOB.exec(router.path)?.[1];

/** Whether the conversations are what is shown. */
export const atConversations = (): boolean => ROUTE.test(router.path);
