// Days, dates and sums, as a thread and the panel beside it tell them.
import { dayOf, daysApart, format } from './format';
import { t } from './strings';

const usd = new Intl.NumberFormat(navigator.language, { style: 'currency', currency: 'USD' });

export const date = (iso: string): string => format('fullDate', Date.parse(iso));
export const month = (iso: string): string => format('monthYear', Date.parse(iso));
export const money = (cents: number): string => usd.format(cents / 100);
/** The day of an instant; of one that is none, no day: a thread with such a message is still a thread. */
export function dayKey(iso: string): number {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? 0 : dayOf(at);
}

/** "Eastern Time", for "America/New_York". */
export function zoneName(name: string): string {
  try {
    const parts = new Intl.DateTimeFormat(navigator.language, {
      timeZone: name,
      timeZoneName: 'longGeneric',
    });
    return parts.formatToParts(0).find(({ type }) => type === 'timeZoneName')?.value ?? name;
  } catch {
    return name;
  }
}

/** "Today, Friday, November 20, 2026": the line between two days. */
export function dayTitle(iso: string, now: number): string {
  const then = Date.parse(iso);
  const days = daysApart(then, now);
  const day = format('longDay', then);
  if (days === 0) return t('time.today', { day });
  return days === 1 ? t('time.yesterday', { day }) : day;
}

/** When a job is: "Today, 2:00 PM", "Mon, Nov 23, 8:00 AM", "Nov 6, 2025". */
export function jobTime(iso: string, now: number): string {
  const then = Date.parse(iso);
  const days = daysApart(then, now);
  if (days === 0) return t('time.today', { day: format('clock', then) });
  if (days === -1) return t('time.tomorrow', { day: format('clock', then) });
  if (days < 0 && days > -7)
    return `${format('weekday', then)}, ${format('monthDay', then)}, ${format('clock', then)}`;
  return format('fullDate', then);
}
