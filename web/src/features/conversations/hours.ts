// How long the business was open between two instants: waiting is coloured by that (RULES, Waiting colours).
import type { Hours } from '../../api/types';

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const MINUTE = 60_000;
const DAY = 86_400_000;
/** Who waits longer than this is red by any hours. */
const MOST_DAYS = 21;

const clocks = new Map<string, Intl.DateTimeFormat>();
function clockOf(zone: string): Intl.DateTimeFormat {
  const parts = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  } as const;
  const clock =
    clocks.get(zone) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...parts });
  clocks.set(zone, clock);
  return clock;
}

/** What the clock on the wall shows at an instant, as if it were UTC. */
function wall(at: number, zone: string): number {
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The instant at which the wall shows `shown`. Twice, because the first guess may lie beyond a change of clocks. */
function instant(shown: number, zone: string): number {
  const guess = shown - (wall(shown, zone) - shown);
  return guess - (wall(guess, zone) - shown);
}

const minutes = (time: string): number => {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
};

/** Milliseconds of opening time from one instant to another. */
export function openTime(from: number, to: number, { week, time_zone }: Hours): number {
  if (to - from > MOST_DAYS * DAY) return to - from;
  let open = 0;
  const last = wall(to, time_zone);
  for (let day = Math.floor(wall(from, time_zone) / DAY) * DAY; day <= last; day += DAY) {
    for (const { opens, closes } of week[DAYS[new Date(day).getUTCDay()] ?? 'monday'] ?? []) {
      const begin = Math.max(from, instant(day + minutes(opens) * MINUTE, time_zone));
      const end = Math.min(to, instant(day + minutes(closes) * MINUTE, time_zone));
      open += Math.max(0, end - begin);
    }
  }
  return open;
}
