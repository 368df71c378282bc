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
    const told = last();
    if (told !== null) this.#learn(Number(told));
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
    this.#learn(Math.abs(offset) < 1000 ? 0 : offset);
    try {
      localStorage.setItem(CLOCK, String(this.#offset));
    } catch {
      // the next page learns it from the server
    }
  }

  #learn(offset: number): void {
    [this.#offset, this.known] = [offset, true];
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

/** How far the clock was off when the server was last heard: a page without a connection goes on with that. */
const CLOCK = 'porchlight.clock';
function last(): string | null {
  try {
    return localStorage.getItem(CLOCK);
  } catch {
    return null;
  }
}

const stepOf = (at: number): number => at - (at % STEP_MS);

export const now = new Now();
