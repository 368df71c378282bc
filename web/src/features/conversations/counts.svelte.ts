import { createContext } from 'svelte';

import type { Counts as Numbers } from '../../api/types';

type Shift = Pick<Numbers, 'attention' | 'unread'>;

/** A change of ours that the server may not have counted yet. */
interface Pending {
  shift: Shift;
  /** What the server had said without it. */
  before: Shift;
  agreed: boolean;
}

/** Others count meanwhile: it may be that none tells us of ours alone. */
const COUNTED_MS = 4_000;

/**
 * The three numbers over the list and on the rail. They never depend on what the list shows. What acts of ours change
 * is added to what the server said last, until it has counted them.
 */
export class Counts {
  known = $state(false);
  #said = $state.raw<Numbers>({ total: 0, attention: 0, unread: 0 });
  #pending = $state.raw<readonly Pending[]>([]);
  /** How often the server has told them. */
  #told = 0;

  get total(): number {
    return this.#said.total;
  }

  get attention(): number {
    return this.#shown('attention');
  }

  get unread(): number {
    return this.#shown('unread');
  }

  take(numbers: Numbers): void {
    this.#told++;
    this.#said = numbers;
    // A count that has an act already may come before the act's own answer: none follows then.
    const counted = this.#pending.find((pending) => isCounted(pending, numbers));
    this.#pending = this.#pending.filter((pending) => pending !== counted && !pending.agreed);
    for (const { before } of counted ? this.#pending : []) add(before, counted!.shift);
    this.known = true;
  }

  /** Before a question whose answer has numbers too: what was told while it was on its way is later than they are. */
  asking(): (numbers: Numbers) => void {
    const told = this.#told;
    return (numbers) => {
      if (told === this.#told) this.take(numbers);
    };
  }

  /** Shows an act at once. The returned function ends it: with the next count when the server agreed, else now. */
  draw(shift: Shift): (agreed: boolean) => void {
    const { attention, unread } = this.#said;
    const pending: Pending = { shift, before: { attention, unread }, agreed: false };
    this.#pending = [...this.#pending, pending];
    const drop = () => (this.#pending = this.#pending.filter((other) => other !== pending));
    return (agreed) => {
      pending.agreed = agreed;
      if (agreed) setTimeout(drop, COUNTED_MS);
      else drop();
    };
  }

  #shown(name: keyof Shift): number {
    return Math.max(
      0,
      this.#pending.reduce((sum, { shift }) => sum + shift[name], this.#said[name]),
    );
  }
}

/** Whether these numbers are those before the act and the act's, no more and no less. */
const isCounted = ({ shift, before }: Pending, said: Shift): boolean =>
  said.attention === before.attention + shift.attention && said.unread === before.unread + shift.unread;

function add(to: Shift, shift: Shift): void {
  to.attention += shift.attention;
  to.unread += shift.unread;
}

export const [getCounts, setCounts] = createContext<Counts>();
