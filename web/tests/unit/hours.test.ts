import { describe, expect, it } from 'vitest';

import { openTime } from '../../src/features/conversations/hours';

const day = [{ opens: '08:00', closes: '17:00' }];
const week = {
  monday: day,
  tuesday: day,
  wednesday: day,
  thursday: day,
  friday: day,
  saturday: [],
  sunday: [],
};
const hours = { time_zone: 'America/New_York', week };
const open = (from: string, to: string) => openTime(Date.parse(from), Date.parse(to), hours) / 3_600_000;

describe('opening time between two instants', () => {
  it.each([
    ['within a day', '2026-11-20T14:00:00Z', '2026-11-20T16:30:00Z', 2.5],
    ['before opening', '2026-11-20T09:00:00Z', '2026-11-20T14:00:00Z', 1],
    ['over a weekend', '2026-11-20T21:00:00Z', '2026-11-23T14:00:00Z', 2],
    ['on a Sunday', '2026-11-22T10:00:00Z', '2026-11-22T20:00:00Z', 0],
    ['over the end of summer time', '2026-10-30T20:00:00Z', '2026-11-02T14:00:00Z', 2],
    ['over the beginning of summer time', '2026-03-06T21:00:00Z', '2026-03-09T13:00:00Z', 2],
  ])('%s', (_, from, to, expected) => expect(open(from, to)).toBeCloseTo(expected));
});
