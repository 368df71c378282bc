// Days and dates, as a thread tells them.
import { dayOf, daysApart, format } from './format';
import { t } from './strings';

export const date = (iso: string): string => format('fullDate', Date.parse(iso));
/** The day of an instant; of one that is none, no day: a thread with such a message is still a thread. */
export function dayKey(iso: string): number {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? 0 : dayOf(at);
}

/** "Today, Friday, November 20, 2026": the line between two days. */
export function dayTitle(iso: string, now: number): string {
  const then = Date.parse(iso);
  const days = daysApart(then, now);
  const day = format('longDay', then);
  if (days === 0) return t('time.today', { day });
  return days === 1 ? t('time.yesterday', { day }) : day;
}
