import { expect, it } from 'vitest';

import { amount } from '../../src/features/thread/amount';

it('what was charged is told exactly enough', () => {
  expect(amount({ micros: 15_800, currency: 'USD' })).toBe('1.58 ¢');
  expect(amount({ micros: 7_900, currency: 'USD' })).toBe('0.79 ¢');
  expect(amount({ micros: 12_400_000, currency: 'USD' })).toBe('$12.40');
  expect(amount({ micros: 7_900, currency: 'EUR' })).toBe('€0.0079');
});
