// Times, phones and money as people read them. All by `Intl`, in the reader's locale and time zone.
import { t } from './strings';

const locale = navigator.language;
const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });
const monthDay = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
const fullDate = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const longDay = new Intl.DateTimeFormat(locale, { dateStyle: 'full' });
const exactTime = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' });
const monthYear = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' });
const usd = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' });

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Days between the calendar days of two instants, in local time: 0 today, 1 yesterday. */
function daysApart(from: Date, to: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(to) - midnight(from)) / DAY);
}

export const timeOfDay = (iso: string): string => clock.format(new Date(iso));
export const exact = (iso: string): string => exactTime.format(new Date(iso));
export const date = (iso: string): string => fullDate.format(new Date(iso));
export const month = (iso: string): string => monthYear.format(new Date(iso));
export const money = (cents: number): string => usd.format(cents / 100);
export const dayKey = (iso: string): string => new Date(iso).toDateString();

/** "now", "9:34 AM", "Thu", "Nov 6" or "Nov 6, 2025": short enough for a list. */
export function rowTime(iso: string, now: number): string {
  const then = new Date(iso);
  const today = new Date(now);
  if (Math.abs(now - then.getTime()) < MINUTE) return t('time.now');
  const days = daysApart(then, today);
  if (days === 0) return clock.format(then);
  if (days > 0 && days < 7) return weekday.format(then);
  return then.getFullYear() === today.getFullYear() ? monthDay.format(then) : fullDate.format(then);
}

/** "Today, Friday, November 20, 2026": the line between two days. */
export function dayTitle(iso: string, now: number): string {
  const then = new Date(iso);
  const days = daysApart(then, new Date(now));
  const day = longDay.format(then);
  if (days === 0) return t('time.today', { day });
  return days === 1 ? t('time.yesterday', { day }) : day;
}

/** When a job is: "Today, 2:00 PM", "Mon, Nov 23, 8:00 AM", "Nov 6, 2025". */
export function jobTime(iso: string, now: number): string {
  const then = new Date(iso);
  const days = daysApart(then, new Date(now));
  if (days === 0) return t('time.today', { day: clock.format(then) });
  if (days === -1) return t('time.tomorrow', { day: clock.format(then) });
  if (days < 0 && days > -7)
    return `${weekday.format(then)}, ${monthDay.format(then)}, ${clock.format(then)}`;
  return fullDate.format(then);
}

/** "12 min", "1 h 22 min", "16 h", "3 d": how long somebody has waited. */
export function duration(ms: number): string {
  const minutes = Math.max(1, Math.floor(ms / MINUTE));
  if (minutes < 60) return t('time.minutes', { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return t('time.days', { n: Math.floor(hours / 24) });
  const rest = minutes % 60;
  return hours >= 10 || rest === 0
    ? t('time.hours', { n: hours })
    : t('time.hoursMinutes', { h: hours, m: rest });
}

/** "40 s", "12 min": how long ago a colleague wrote. */
export function ago(ms: number): string {
  return ms < MINUTE ? t('time.seconds', { n: Math.max(1, Math.round(ms / 1000)) }) : duration(ms);
}

/** (207) 555-0188 for +12075550188; everything else as it is. */
export function contactName(contact: string): string {
  const us = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(contact);
  return us ? `(${us[1]}) ${us[2]}-${us[3]}` : contact;
}

/** The name of a thread. One without a customer is called by its number. */
export const threadName = (row: { name: string; contact: string }): string =>
  contactName(row.name.trim() || row.contact);

const graphemes = new Intl.Segmenter(locale, { granularity: 'grapheme' });
const firstGrapheme = (word: string): string =>
  graphemes.segment(word)[Symbol.iterator]().next().value?.segment ?? '';

/** "MD" for Maria Delgado; empty when the name has no letters (a number). */
export function initials(name: string): string {
  const words = name
    .normalize('NFC')
    .split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word));
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends
    .map((word) =>
      firstGrapheme(word ?? '')
        .slice(0, 2)
        .toLocaleUpperCase(locale),
    )
    .join('');
}

/** What a person is called in a sentence; a name as long as a page is cut. */
export function firstName(name: string): string {
  const first = contactName(name) === name ? (name.trim().split(/\s+/)[0] ?? name) : contactName(name);
  return first.length > 24 ? `${first.slice(0, 23)}…` : first;
}
