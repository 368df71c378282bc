import { createContext } from 'svelte';

import { answer, api } from '../../api/client';
import type { Row } from '../../api/types';
import { patient } from '../../app/patient';
import { urgency } from './rules';

const rules = patient(() => import('./hours'));

/** How urgent a wait looks: by the hours in which somebody should have answered. */
export class Waits {
  /** How long the business was open; until its hours are known, always. */
  #open = $state.raw((from: number, to: number): number => to - from);

  async load(): Promise<void> {
    const asked = answer(api.GET('/api/settings/hours')).catch(() => null);
    const [hours, { openTime }] = await Promise.all([asked, rules()]);
    // Without them, colours by the clock.
    if (hours) this.#open = (from, to) => openTime(from, to, hours);
  }

  /** An emergency is red at once, at any hour. */
  urgency(row: Row, at: number): '' | 'amber' | 'red' {
    if (!row.attention) return '';
    // At once, and at any hour.
    if (row.emergency) return 'red';
    if (row.waiting_since === null) return '';
    return urgency(row.channel, this.#open(Date.parse(row.waiting_since), at));
  }
}

export const [getWaits, setWaits] = createContext<Waits>();
