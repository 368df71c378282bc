import { createContext } from 'svelte';

import type { Presence } from '../../api/types';
import { patient } from '../../app/patient';

/** Somebody else has a conversation before them. */
export interface Here {
  id: string;
  name: string;
  typing: boolean;
}

const keepPart = patient(() => import('./keep'));

/** Who else looks where. What keeps it comes with the first to be told of. */
export class Presences {
  here = $state.raw<ReadonlyMap<string, readonly Here[]>>(new Map());

  take(presence: Presence): void {
    void keepPart().then(({ keep }) => keep(this, presence));
  }
}

export const [getPresences, setPresences] = createContext<Presences>();
