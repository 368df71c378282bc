import type { BulkWord } from '../../api/types';

// Where the keys and the palette reach into the list. Set by the parts that own the elements.
export const hands: {
  search: HTMLInputElement | null;
  /** Stands on the row so many places further. */
  step: (by: number) => void;
  /** Does this with what is selected, or asks for what it needs. */
  many: ((act: BulkWord) => void) | null;
  /** Lets go what is selected, and says so; while something is done with it, it stays. */
  unpick: () => boolean;
} = { search: null, step: () => {}, many: null, unpick: () => false };
