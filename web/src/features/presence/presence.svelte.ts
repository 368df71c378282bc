import { createContext } from 'svelte';

import type { Presence } from '../../api/types';
import { patient } from '../../app/patient';
import type { Here, Places } from './here';

const keepPart = patient(() => import('./keep'));

/** Who else looks where. What keeps it comes with the first to be told of. */
export class Presences implements Places {
  here = $state.raw<ReadonlyMap<string, readonly Here[]>>(new Map());

  take(presence: Presence): void {
    void keepPart().then(({ keep }) => keep(this, presence));
  }
}

export const [getPresences, setPresences] = createContext<Presences>();
