import { router } from '../../app/router.svelte';

/** `/jobs`, a job, its conversations, or one of them. */
const ROUTE = /^\/jobs(?:\/([^/]+)(?:\/(conversations)(?:\/([^/]+))?)?)?/;

export interface JobPlace {
  job: string | null;
  /** Its conversations are what is shown. */
  talks: boolean;
  conversation: string | null;
}

/** What the address names. */
export function placeHere(): JobPlace {
  const [, job = null, talks, conversation = null] = ROUTE.exec(router.path) ?? [];
  return { job, talks: talks !== undefined, conversation };
}

export const jobAddress = (job: string): string => `/jobs/${job}`;
export const talksAddress = (job: string, conversation?: string): string =>
  `/jobs/${job}/conversations${conversation ? `/${conversation}` : ''}`;
/** Where a map shows it. */
export const mapOf = (address: string): string =>
  `https://www.openstreetmap.org/search?query=${encodeURIComponent(address)}`;
