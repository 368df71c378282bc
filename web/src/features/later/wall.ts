// A time on the clock is the business's zone, whatever zone this browser is in (RULES, Later). A wall time is told in
// milliseconds as if it were UTC. `shared/domain/src/time/wall.rs` is held to the same cases.

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Further from the change of clocks than any zone is from UTC. */
const BEYOND = 40 * HOUR;

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    const parts = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    } as const;
    clocks.set(
      zone,
      (clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...parts })),
    );
  }
  return clock;
}

/** What the clock on the wall shows at an instant. */
export function wallOf(at: number, zone: string): number {
  const shown: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(at)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const offsetAt = (at: number, zone: string) => wallOf(at, zone) - at;

/** The instant of a wall time: one that does not exist moves forward by the gap, of two it is the first. */
export function instantOf(wall: number, zone: string): number {
  const before = wall - offsetAt(wall - BEYOND, zone);
  const after = wall - offsetAt(wall + BEYOND, zone);
  const real = [before, after].filter((at) => wallOf(at, zone) === wall);
  return real.length > 0 ? Math.min(...real) : before;
}

/** The same date and time on the clock next year, of 29 February the 28th: as `a_year_after` of the server has it. */
export function yearAfter(at: number, zone: string): number {
  const wall = wallOf(at, zone);
  const next = new Date(wall);
  next.setUTCFullYear(next.getUTCFullYear() + 1);
  // 1 March is what becomes of a day that does not exist.
  if (next.getUTCDate() !== new Date(wall).getUTCDate()) next.setUTCDate(0);
  return instantOf(next.getTime(), zone) + (at - Math.floor(at / 1000) * 1000);
}

/** "2026-11-30T08:00", as a field for date and time has it. */
export const toField = (wall: number): string => new Date(wall).toISOString().slice(0, 16);

/** The wall time of such a field; null where it is empty or half filled in. */
export function ofField(value: string): number | null {
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) ? Date.parse(`${value.slice(0, 16)}Z`) : NaN;
  return Number.isNaN(wall) ? null : wall;
}

/** From when to when a customer is left alone, on their own clock (RULES: Quiet hours). */
const [EVENING, MORNING] = [21 * HOUR, 8 * HOUR];

/** It is night then: what is to go waits for the morning. */
export function isNight(at: number, zone: string): boolean {
  const clock = wallOf(at, zone) % DAY;
  return clock < MORNING || clock >= EVENING;
}

/** A named time, the next to come. */
export interface Choice {
  key: 'hours' | 'tomorrow' | 'monday';
  at: number;
}

/** In three hours, tomorrow at eight, Monday at eight: never today by its name, and none that has passed. */
export function choices(now: number, zone: string): Choice[] {
  const today = Math.floor(wallOf(now, zone) / DAY) * DAY;
  const tomorrow = instantOf(today + DAY + 8 * HOUR, zone);
  const toMonday = (8 - new Date(today).getUTCDay()) % 7 || 7;
  const monday = instantOf(today + toMonday * DAY + 8 * HOUR, zone);
  const inHours = Math.ceil((now + 3 * HOUR) / 60_000) * 60_000;
  const all: Choice[] = [
    { key: 'hours', at: inHours },
    { key: 'tomorrow', at: tomorrow },
    { key: 'monday', at: monday },
  ];
  // On a Sunday, tomorrow is Monday.
  return all.filter(({ key, at }) => key !== 'monday' || at !== tomorrow);
}
