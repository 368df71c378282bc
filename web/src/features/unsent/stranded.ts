import type { Entry } from '../outbox/entry';

/** What was written to conversations that are no longer its writer's: what is held for that, and what waits behind it. */
export function stranded(entries: readonly Entry[]): Entry[] {
  const isHeld = ({ held }: Entry) => held?.why === 'gone';
  const gone = new Set(entries.filter(isHeld).map(({ conversation }) => conversation));
  return entries.filter(({ conversation }) => gone.has(conversation));
}
