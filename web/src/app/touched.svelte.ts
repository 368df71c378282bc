/** Whether the reader has done anything yet. What only answers to a hand is fetched then, after the first screen. */
class Touched {
  yes = $state(false);

  constructor() {
    for (const type of ['pointermove', 'pointerdown', 'keydown'])
      addEventListener(type, () => (this.yes = true), { once: true, capture: true });
  }
}

export const touched = new Touched();
