import { now } from '../../app/now.svelte';

/** Whether somebody is off now: it ends by itself. */
export const isOff = ({ off_until }: { off_until: string | null }): boolean =>
  off_until !== null && Date.parse(off_until) > now.ms;
