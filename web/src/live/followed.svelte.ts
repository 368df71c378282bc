import { Failure } from '../api/failure';
import type { Live } from './live.svelte';

/** Something of the business's, as the server has it; read again when somebody changes its templates or quick replies. */
export abstract class Followed {
  failure = $state.raw<Failure | null>(null);
  #reading: Promise<void> | null = null;
  #stale = false;

  constructor(live: Live) {
    live.listen((batch) => {
      const old = batch.some(({ type }) => type === 'templates.updated' || type === 'reload');
      // What was missed while the line was down is told again; a read that failed is tried again.
      if (old || (this.failure && batch.some(({ type }) => type === 'ready'))) void this.read();
    });
  }

  /** Asks for it, and takes it. */
  protected abstract ask(): Promise<void>;

  /** As it is now. Asked while it is being read, it is read once more: what was under way may be older. */
  read(): Promise<void> {
    if (this.#reading) this.#stale = true;
    this.#reading ??= this.#readAll().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    do {
      this.#stale = false;
      try {
        await this.ask();
      } catch (cause) {
        this.failure = Failure.from(cause);
        return;
      }
    } while (this.#stale);
  }
}
