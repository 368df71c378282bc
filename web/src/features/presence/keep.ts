import type { Presence } from '../../api/types';
import type { Here, Places } from './here';

/** When what was told of each person last is over. */
const ends = new WeakMap<Places, Map<string, ReturnType<typeof setTimeout>>>();

/** Holds as long as it says. Whoever is somewhere is nowhere else. */
export function keep(presences: Places, { conversation_id, person, typing, lasts_ms }: Presence): void {
  const timers = ends.get(presences) ?? new Map<string, ReturnType<typeof setTimeout>>();
  ends.set(presences, timers);
  clearTimeout(timers.get(person.id));
  put(presences, person.id, conversation_id, { ...person, typing });
  timers.set(
    person.id,
    setTimeout(() => put(presences, person.id), lasts_ms),
  );
}

function put(presences: Places, person: string, where?: string, here?: Here): void {
  const next = new Map<string, readonly Here[]>();
  for (const [id, all] of presences.here) {
    // In their place: who types on does not change seats.
    const others = all.flatMap((one) => (one.id !== person ? one : id === where && here ? here : []));
    if (others.length > 0) next.set(id, others);
  }
  const there = where === undefined ? [] : (next.get(where) ?? []);
  if (where !== undefined && here && !there.includes(here)) next.set(where, [...there, here]);
  presences.here = next;
}
