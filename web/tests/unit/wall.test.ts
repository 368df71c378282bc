import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import {
  choices,
  instantOf,
  isNight,
  ofField,
  toField,
  wallOf,
  yearAfter,
} from '../../src/features/later/wall';

interface Case {
  name: string;
  zone: string;
  wall: string;
  instant: string;
}
const cases = JSON.parse(readFileSync('../shared/domain/cases/wall_clock.json', 'utf8')) as Case[];

describe('a time on the clock is an instant as the server has it', () => {
  for (const { name, zone, wall, instant } of cases)
    it(name, () => {
      const at = instantOf(ofField(wall) ?? NaN, zone);
      expect(new Date(at).toISOString()).toBe(instant);
    });

  it('and back again', () => {
    const at = Date.parse('2026-11-30T13:00:00Z');
    expect(toField(wallOf(at, 'America/New_York'))).toBe('2026-11-30T08:00');
    expect(ofField('2026-11-30')).toBeNull();
    expect(ofField('')).toBeNull();
  });
});

interface YearCase {
  name: string;
  zone: string;
  now: string;
  until: string;
}
const years = JSON.parse(readFileSync('../shared/domain/cases/year_ahead.json', 'utf8')) as YearCase[];

describe('a year is counted by the calendar as the server counts it', () => {
  for (const { name, zone, now, until } of years)
    it(name, () => expect(new Date(yearAfter(Date.parse(now), zone)).toISOString()).toBe(until));
});

describe('a named time is the next to come and never today', () => {
  const named = (now: string, zone = 'America/New_York') =>
    Object.fromEntries(
      choices(Date.parse(now), zone).map(({ key, at }) => [key, new Date(at).toISOString()]),
    );

  it('on a Monday before eight, Monday is in a week', () => {
    expect(named('2026-11-30T12:00:00Z')).toEqual({
      hours: '2026-11-30T15:00:00.000Z',
      tomorrow: '2026-12-01T13:00:00.000Z',
      monday: '2026-12-07T13:00:00.000Z',
    });
  });

  it('on a Sunday, tomorrow is Monday and stands once', () => {
    expect(named('2026-11-29T22:00:00Z')).toEqual({
      hours: '2026-11-30T01:00:00.000Z',
      tomorrow: '2026-11-30T13:00:00.000Z',
    });
  });

  it('by the business’s day, wherever the browser is: late on Saturday there is Sunday in Europe', () => {
    expect(named('2026-11-29T03:30:00Z')['tomorrow']).toBe('2026-11-29T13:00:00.000Z');
    expect(named('2026-11-29T03:30:00Z')['monday']).toBe('2026-11-30T13:00:00.000Z');
  });

  it('over a change of clocks it is still eight on the clock', () => {
    expect(named('2026-10-31T16:00:00Z')['tomorrow']).toBe('2026-11-01T13:00:00.000Z');
    expect(named('2026-03-07T16:00:00Z')['tomorrow']).toBe('2026-03-08T12:00:00.000Z');
  });
});

describe('the night, in which nothing goes that no person sends now', () => {
  it.each([
    ['2026-11-30T12:59:00Z', true],
    ['2026-11-30T13:00:00Z', false],
    ['2026-12-01T01:59:00Z', false],
    ['2026-12-01T02:00:00Z', true],
  ])('%s in New York: %s', (at, night) => {
    expect(isNight(Date.parse(at), 'America/New_York')).toBe(night);
  });
});
