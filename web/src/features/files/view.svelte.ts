/** How far a photo can be brought near. */
export const NEAREST = 5;
const STEP = 1.25;
const QUARTER = 90;

interface Point {
  x: number;
  y: number;
}

/** How a photo stands on its stage: how near, how turned, and which part of it. */
export class View {
  scale = $state(1);
  turn = $state(0);
  x = $state(0);
  y = $state(0);
  /** The photo's own size, and the stage's. */
  natural = $state({ width: 0, height: 0 });
  stage = $state({ width: 0, height: 0 });

  readonly #fingers = new Map<number, Point>();

  get sideways(): boolean {
    return this.turn % 180 !== 0;
  }

  /** As large as the stage has room for, and never larger than it is. */
  get base(): { width: number; height: number } {
    const { natural, stage, sideways } = this;
    const [width, height] = sideways ? [natural.height, natural.width] : [natural.width, natural.height];
    const fit = width && height ? Math.min(1, stage.width / width, stage.height / height) : 1;
    return { width: natural.width * fit, height: natural.height * fit };
  }

  get transform(): string {
    return `translate(${this.x}px, ${this.y}px) rotate(${this.turn}deg) scale(${this.scale})`;
  }

  /** Another photo, or this one anew. */
  reset(): void {
    this.turn = 0;
    this.fit();
  }

  fit(): void {
    [this.scale, this.x, this.y] = [1, 0, 0];
  }

  larger(at?: Point): void {
    this.zoom(STEP, at);
  }

  smaller(at?: Point): void {
    this.zoom(1 / STEP, at);
  }

  /** What is under the point, told from the middle of the stage, stays there. */
  zoom(by: number, at: Point = { x: 0, y: 0 }): void {
    const scale = Math.min(NEAREST, Math.max(1, this.scale * by));
    const real = scale / this.scale;
    this.x = at.x - (at.x - this.x) * real;
    this.y = at.y - (at.y - this.y) * real;
    this.scale = scale;
    this.#keep();
  }

  rotate(): void {
    this.turn += QUARTER;
    this.fit();
  }

  move(x: number, y: number): void {
    this.x += x;
    this.y += y;
    this.#keep();
  }

  /** Its edge goes no further in than the stage's. */
  #keep(): void {
    const { base, sideways, scale, stage } = this;
    const [width, height] = sideways ? [base.height, base.width] : [base.width, base.height];
    const [most, tall] = [width, height].map((side) => side * scale) as [number, number];
    const spare = { x: Math.max(0, (most - stage.width) / 2), y: Math.max(0, (tall - stage.height) / 2) };
    this.x = Math.min(spare.x, Math.max(-spare.x, this.x));
    this.y = Math.min(spare.y, Math.max(-spare.y, this.y));
  }

  press(id: number, at: Point): void {
    this.#fingers.set(id, at);
  }

  /** One finger moves it; two bring it nearer. */
  drag(id: number, at: Point): void {
    const before = this.#fingers.get(id);
    if (!before) return;
    const other = [...this.#fingers].find(([one]) => one !== id)?.[1];
    if (other) {
      const near = Math.hypot(at.x - other.x, at.y - other.y);
      const was = Math.hypot(before.x - other.x, before.y - other.y);
      if (was > 0) this.zoom(near / was, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
    } else this.move(at.x - before.x, at.y - before.y);
    this.#fingers.set(id, at);
  }

  release(id: number): void {
    this.#fingers.delete(id);
  }
}
