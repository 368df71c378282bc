import { router } from '../../app/router.svelte';

/** `/jobs`, a job, its conversations, or one of them. */
const ROUTE = /^\/jobs(?:\/([^/]+)(?:\/(conversations|internal)(?:\/([^/]+))?)?)?/;

export interface JobPlace {
  job: string | null;
  /** Its conversations are what is shown. */
  talks: boolean;
  /** The crew's, which is yet to be opened. */
  crew: boolean;
  conversation: string | null;
}

/** What the address names. */
export function placeHere(): JobPlace {
  const [, job = null, talks, conversation = null] = ROUTE.exec(router.path) ?? [];
  return { job, talks: talks !== undefined, crew: talks === 'internal', conversation };
}

export const jobAddress = (job: string): string => `/jobs/${job}`;
export const talksAddress = (job: string, conversation?: string): string =>
  `/jobs/${job}/conversations${conversation ? `/${conversation}` : ''}`;
/** Where the crew of a job writes to each other. */
export const crewAddress = (job: string): string => `/jobs/${job}/internal`;
/** Where a map shows it. */
export const mapOf = (address: string): string =>
  `https://www.openstreetmap.org/search?query=${encodeURIComponent(address)}`;
