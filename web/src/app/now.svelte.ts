/** The time that relative times are drawn from. Moves every 20 s, and follows the server's clock. */
class Now {
  #offset = 0;
  ms = $state(Date.now());

  constructor() {
    setInterval(() => this.tick(), 20_000);
    document.addEventListener('visibilitychange', () => this.tick());
  }

  tick(): void {
    if (!document.hidden) this.ms = this.exact();
  }

  /** This instant, by the server's clock. */
  exact(): number {
    return Date.now() + this.#offset;
  }

  /** Learns how far this machine's clock is off. Below a second it is the network's delay. */
  follow(serverTime: string): void {
    const offset = Date.parse(serverTime) - Date.now();
    this.#offset = Math.abs(offset) < 1000 ? 0 : offset;
    this.ms = this.exact();
  }
}

export const now = new Now();
