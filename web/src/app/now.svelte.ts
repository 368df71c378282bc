const STEP_MS = 20_000;

/**
 * The time that relative times are drawn from, by the server's clock. It moves at the same instants in every window, so
 * that two of them side by side say the same.
 */
class Now {
  #offset = 0;
  /** The server has told its time, to this page or to one before. */
  known = false;
  ms = $state(stepOf(Date.now()));

  constructor() {
    this.#next();
    document.addEventListener('visibilitychange', () => this.tick());
  }

  tick(): void {
    if (!document.hidden) this.ms = stepOf(this.exact());
  }

  /** This instant, by the server's clock. */
  exact(): number {
    return Date.now() + this.#offset;
  }

  /** Learns how far this machine's clock is off. Below a second it is the network's delay. */
  follow(serverTime: string): void {
    const offset = Date.parse(serverTime) - Date.now();
    this.#offset = Math.abs(offset) < 1000 ? 0 : offset;
    this.known = true;
    this.ms = stepOf(this.exact());
  }

  #next(): void {
    setTimeout(
      () => {
        this.tick();
        this.#next();
      },
      STEP_MS - (this.exact() % STEP_MS),
    );
  }
}

const stepOf = (at: number): number => at - (at % STEP_MS);

export const now = new Now();
