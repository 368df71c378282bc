// What counts as seen by who writes (RULES, Sending): it has stood on their screen for 2 s, or they typed after it.
import { beforeEach, describe, expect, it } from 'vitest';

import { Sight } from '../../src/features/thread/sight';

let now = 0;
let sight: Sight;
/** Up to where Ana has seen a thread in which Ben answered at these places, and she and the customer at all others. */
function upTo(...answers: number[]): number {
  const by = (id: string, seq: number) => ({ kind: 'staff', author: { id, name: id }, seq }) as const;
  const others = [by('ana', 3), { kind: 'customer', author: null, seq: 2 } as const];
  return sight.upTo([...others, ...answers.map((seq) => by('ben', seq))], 'ana');
}
/** Whether a colleague's answer makes the send ask: the server asks when one came after what was seen. */
const asks = (...answers: number[]) => upTo(...answers) < Math.max(...answers);

beforeEach(() => {
  now = 1000;
  sight = new Sight(() => now);
  sight.open(3);
  sight.show([1, 2, 3]);
  sight.typed();
});

describe('a colleague’s answer that appears while somebody writes', () => {
  it.each([0, 350, 1999])('%d ms before Enter has not been seen, though it is on the screen', (ms) => {
    sight.show([1, 2, 3, 4]);
    now += ms;
    expect(asks(4)).toBe(true);
    expect(upTo(4)).toBe(3);
  });

  it('has been seen once it has stood there for 2 s', () => {
    sight.show([1, 2, 3, 4]);
    now += 2000;
    expect(asks(4)).toBe(false);
  });

  it('has been seen once they typed after it', () => {
    sight.show([1, 2, 3, 4]);
    now += 10;
    sight.typed();
    expect(asks(4)).toBe(false);
  });

  it('has not been seen when they typed before it', () => {
    sight.typed();
    sight.show([1, 2, 3, 4]);
    expect(asks(4)).toBe(true);
  });

  it('has not been seen below the screen, however long and whatever they typed', () => {
    sight.show([1, 2]);
    now += 60_000;
    sight.typed();
    expect(asks(4)).toBe(true);
  });

  it('has not been seen when it was scrolled away, or the window hidden, before 2 s', () => {
    sight.show([1, 2, 3, 4]);
    now += 1500;
    sight.show([]);
    now += 60_000;
    sight.show([3, 4]);
    now += 1999;
    expect(asks(4)).toBe(true);
    now += 1;
    expect(asks(4)).toBe(false);
  });

  it('is not seen with a later one that is', () => {
    sight.show([1, 2, 3]);
    sight.show([5, 6]);
    now += 2000;
    expect(upTo(4, 6)).toBe(3);
    sight.show([4, 5, 6]);
    now += 2000;
    expect(upTo(4, 6)).toBe(6);
  });
});

describe('a thread that was just opened', () => {
  beforeEach(() => {
    sight = new Sight(() => now);
    sight.open(200);
  });

  it('has been seen as far as it is further up; what is on the screen needs its 2 s', () => {
    sight.show([190, 191, 200]);
    expect(asks(188)).toBe(false);
    expect(asks(188, 195)).toBe(true);
    now += 2000;
    expect(asks(188, 200)).toBe(false);
  });

  it('has not been seen by rows that are measured only now', () => {
    sight.show([199, 200]);
    sight.show([195, 199, 200]);
    expect(upTo(195)).toBe(194);
  });

  it('opened at an older place, has not been seen below it', () => {
    sight.show([20, 21, 22]);
    now += 5000;
    expect(asks(150)).toBe(true);
    // Gone to the end, which is all that they look for.
    sight.show([198, 199, 200]);
    sight.typed();
    expect(asks(150, 199)).toBe(false);
  });

  it('again, is still seen as far as it was', () => {
    sight.show([199, 200]);
    now += 2000;
    sight.show([]);
    sight.open(201);
    sight.show([199, 200, 201]);
    expect(upTo(200)).toBe(200);
    expect(asks(201)).toBe(true);
  });

  it('has not been seen at all before it is drawn', () => {
    expect(upTo(7)).toBe(0);
  });
});
