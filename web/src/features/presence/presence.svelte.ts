import { createContext } from 'svelte';

import type { Presence } from '../../api/types';

/** Somebody else has a conversation before them. */
export interface Here {
  id: string;
  name: string;
  typing: boolean;
}

/** Who else looks where, for as long as each telling of it holds. */
export class Presences {
  #here = $state.raw<ReadonlyMap<string, readonly Here[]>>(new Map());
  readonly #ends = new Map<string, ReturnType<typeof setTimeout>>();

  of(conversation: string): readonly Here[] {
    return this.#here.get(conversation) ?? [];
  }

  /** Whoever is somewhere is nowhere else. */
  take({ conversation_id, person, typing, lasts_ms }: Presence): void {
    clearTimeout(this.#ends.get(person.id));
    this.#put(person.id, conversation_id, { ...person, typing });
    this.#ends.set(
      person.id,
      setTimeout(() => this.#put(person.id), lasts_ms),
    );
  }

  #put(person: string, where?: string, here?: Here): void {
    const next = new Map<string, readonly Here[]>();
    for (const [id, all] of this.#here) {
      // In their place: who types on does not change seats.
      const others = all.flatMap((one) => (one.id !== person ? one : id === where && here ? here : []));
      if (others.length > 0) next.set(id, others);
    }
    const there = where === undefined ? [] : (next.get(where) ?? []);
    if (where !== undefined && here && !there.includes(here)) next.set(where, [...there, here]);
    this.#here = next;
  }
}

export const [getPresences, setPresences] = createContext<Presences>();
