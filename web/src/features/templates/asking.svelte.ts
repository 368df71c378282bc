import { patient } from '../../app/patient';
import type { Asked } from './guard';

/** A dialog with words of its own asks about what was not filled in, and stays open beneath the question. */
export class Asking {
  asked = $state.raw<Asked | null>(null);
  readonly #guard = patient(() => import('./guard'));

  /** Whether what is written there may leave. */
  async mayLeave(written: () => string): Promise<boolean> {
    if (!written().includes('{{')) return true;
    return (await this.#guard()).mayLeave(written, (asked) => (this.asked = asked));
  }

  readonly close = (): void => void (this.asked = null);
}
