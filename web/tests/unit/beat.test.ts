// Who looks and who types: told while somebody does, and once.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { api } from '../../src/api/client';
import { beat } from '../../src/features/presence/beat';

let bodies: { typing: boolean }[];
let typedAt: number;
let later = 0;

beforeEach(() => {
  bodies = [];
  typedAt = -Infinity;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  // Later than whatever was told before.
  vi.advanceTimersByTime((later += 600_000));
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  vi.spyOn(api, 'POST').mockImplementation((...[, init]: unknown[]) => {
    bodies.push((init as { body: { typing: boolean } }).body);
    return Promise.resolve({ response: new Response(null, { status: 204 }) }) as never;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const told = (count: number) => {
  expect(bodies).toHaveLength(count);
  return bodies.at(-1)?.typing;
};

it('a word that was typed just after it was told is told the next time, however late that look comes', () => {
  const end = beat('01JTHREAD', () => typedAt);
  expect(told(1)).toBe(false);
  vi.advanceTimersByTime(50);
  typedAt = performance.now();
  vi.advanceTimersByTime(5_450);
  expect(told(2)).toBe(true);
  vi.advanceTimersByTime(5_500);
  expect(told(3), 'who types no more is told to look').toBe(false);
  end();
});

it('nobody is told by a window that nobody touches, nor of what was typed long ago', () => {
  const end = beat('01JTHREAD', () => typedAt);
  told(1);
  typedAt = performance.now();
  vi.mocked(document.hasFocus).mockReturnValue(false);
  vi.advanceTimersByTime(30_000);
  expect(bodies).toHaveLength(1);
  vi.mocked(document.hasFocus).mockReturnValue(true);
  vi.advanceTimersByTime(1_000);
  expect(told(2)).toBe(false);
  end();
});
