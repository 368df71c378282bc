// How a photo stands in the lightbox: near, turned, and never out of sight.
import { beforeEach, describe, expect, it } from 'vitest';

import { View } from '../../src/features/files/view.svelte';

let view: View;
beforeEach(() => {
  view = new View();
  view.natural = { width: 4000, height: 3000 };
  view.stage = { width: 800, height: 600 };
});

describe('a photo in the lightbox', () => {
  it('fits its stage, also when it is turned, and is never made larger by that', () => {
    expect(view.base).toEqual({ width: 800, height: 600 });
    view.rotate();
    // On its side: as high as the stage, and so narrower.
    expect(view.base).toEqual({ width: 600, height: 450 });
    view.natural = { width: 100, height: 50 };
    expect(view.base).toEqual({ width: 100, height: 50 });
  });

  it('comes nearer up to five times, and no further away than its fit', () => {
    for (let i = 0; i < 40; i++) view.larger();
    expect(view.scale).toBe(5);
    for (let i = 0; i < 40; i++) view.smaller();
    expect([view.scale, view.x, view.y]).toEqual([1, 0, 0]);
  });

  it('keeps what is under the pointer where it is', () => {
    view.zoom(2, { x: 100, y: -50 });
    // The point that was 100 right of the middle is twice as far from the photo's own middle now.
    expect([view.x + 2 * 100, view.y + 2 * -50]).toEqual([100, -50]);
  });

  it('is moved as far as its edge, and not at all where it fits', () => {
    view.move(500, 500);
    expect([view.x, view.y]).toEqual([0, 0]);
    view.zoom(2);
    view.move(5000, -5000);
    expect([view.x, view.y]).toEqual([400, -300]);
  });

  it('is brought nearer by two fingers and moved by one', () => {
    view.press(1, { x: -50, y: 0 });
    view.press(2, { x: 50, y: 0 });
    view.drag(2, { x: 150, y: 0 });
    expect(view.scale).toBe(2);
    view.release(1);
    const { x } = view;
    view.drag(2, { x: 140, y: 0 });
    expect(view.x).toBe(x - 10);
    view.release(2);
    view.drag(2, { x: 0, y: 0 });
    expect(view.x).toBe(x - 10);
  });

  it('stands upright again for the next one', () => {
    view.rotate();
    view.zoom(3);
    view.reset();
    expect([view.turn, view.scale]).toEqual([0, 1]);
  });
});
