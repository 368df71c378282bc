import { createContext } from 'svelte';

import type { Counts as Told } from '../../api/types';

/** The office is told of colleagues beside the others. */
type Numbers = Omit<Told, 'internal_unread'> & Partial<Pick<Told, 'internal_unread'>>;

type Shift = Pick<Numbers, 'attention' | 'unread'>;

/** A change of ours that the server may not have counted yet. */
interface Pending {
  shift: Shift;
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

  /** What colleagues wrote and the viewer has not read. */
  get internal(): number {
    return this.#said.internal_unread ?? 0;
  }

  take(numbers: Numbers): void {
    this.#told++;
    // A count that has an act already may come before the act's own answer: none follows then.
    const counted = countedOf(this.#pending, this.#said, numbers);
    this.#pending = this.#pending.filter((pending) => !counted.includes(pending) && !pending.agreed);
    this.#said = numbers;
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
    const pending: Pending = { shift, agreed: false };
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

/** Those whose shifts make the one count the other: as many as can be from the first on, or a single one. */
function countedOf(pending: readonly Pending[], from: Shift, to: Shift): readonly Pending[] {
  const makes = (some: readonly Pending[]) =>
    (['attention', 'unread'] as const).every(
      (name) => some.reduce((sum, { shift }) => sum + shift[name], from[name]) === to[name],
    );
  const prefixes = pending.map((_, last) => pending.slice(0, last + 1)).reverse();
  return [...prefixes, ...pending.map((one) => [one])].find(makes) ?? [];
}

export const [getCounts, setCounts] = createContext<Counts>();
