// Two windows of one person, opened at different moments, say the same of how long a customer waits.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 29, 14, 3, 7, 250) });
  vi.resetModules();
});
afterEach(() => vi.useRealTimers());

const window = async () => (await import('../../src/app/now.svelte')).now;

test('windows that were opened at different moments tell the same time at every moment', async () => {
  const first = await window();
  vi.advanceTimersByTime(11_300);
  vi.resetModules();
  const second = await window();
  for (let passed = 0; passed < 300; passed++) {
    vi.advanceTimersByTime(700);
    expect(second.ms).toBe(first.ms);
    expect(first.exact() - first.ms).toBeLessThan(20_000);
  }
});

test('a window whose clock is off goes by the server', async () => {
  const [slow, right] = [await window(), Date.now()];
  slow.follow(new Date(right + 60_000).toISOString());
  expect(slow.exact()).toBe(right + 60_000);
  vi.advanceTimersByTime(40_000);
  expect(slow.exact() - slow.ms).toBeLessThan(20_000);
});
