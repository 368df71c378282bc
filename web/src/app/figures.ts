// Sums, months, zones and the times of jobs, as what stands beside a thread tells them.
import { daysApart, format } from './format';
import { t } from './strings';

const usd = new Intl.NumberFormat(navigator.language, { style: 'currency', currency: 'USD' });

export const month = (iso: string): string => format('monthYear', Date.parse(iso));
export const money = (cents: number): string => usd.format(cents / 100);
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
