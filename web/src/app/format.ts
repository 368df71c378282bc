// Times and names as people read them. All by `Intl`: the reader's locale, and the business's time zone, so that
// "2 PM" is the same hour for the office, the crew and the customer.
import { t } from './strings';

const locale = navigator.language;

const MINUTE = 60_000;
const DAY = 86_400_000;
/** All offsets of all zones are multiples of this. */
const QUARTER = 15 * MINUTE;

const STYLES = {
  clock: { timeStyle: 'short' },
  seconds: { timeStyle: 'medium' },
  weekday: { weekday: 'short' },
  monthDay: { month: 'short', day: 'numeric' },
  fullDate: { dateStyle: 'medium' },
  longDay: { dateStyle: 'full' },
  exactTime: { dateStyle: 'full', timeStyle: 'long' },
  monthYear: { month: 'long', year: 'numeric' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

let zone: string | undefined;
let formats = new Map<keyof typeof STYLES, Intl.DateTimeFormat>();
let calendar: Intl.DateTimeFormat;
let days = new Map<number, number>();

/** From now on times are told in this zone. Told again before anything of another business is drawn. */
export function useZone(name: string | undefined): void {
  if (calendar && name === zone) return;
  try {
    calendar = new Intl.DateTimeFormat('en-US', { timeZone: name, dateStyle: 'short' });
    zone = name;
  } catch {
    calendar = new Intl.DateTimeFormat('en-US', { dateStyle: 'short' }); // a zone that this browser has not heard of
    zone = undefined;
  }
  formats = new Map();
  days = new Map();
}
useZone(undefined);

export function format(style: keyof typeof STYLES, at: Date | number): string {
  let known = formats.get(style);
  if (!known)
    formats.set(style, (known = new Intl.DateTimeFormat(locale, { ...STYLES[style], timeZone: zone })));
  return known.format(at);
}

/** The calendar day of an instant, counted from 1970. */
export function dayOf(at: number): number {
  const quarter = Math.floor(at / QUARTER);
  let day = days.get(quarter);
  if (day === undefined) {
    const [month = 1, date = 1, year = 70] = calendar.format(at).split('/').map(Number);
    days.set(quarter, (day = Date.UTC(2000 + year, month - 1, date) / DAY));
  }
  return day;
}

/** Days between the calendar days of two instants: 0 today, 1 yesterday. */
export const daysApart = (from: number, to: number): number => dayOf(to) - dayOf(from);

export const timeOfDay = (iso: string): string => format('clock', Date.parse(iso));
export const exact = (iso: string): string => format('exactTime', Date.parse(iso));

/** "now", "9:34 AM", "Thu", "Nov 6" or "Nov 6, 2025": short enough for a list. */
export function rowTime(iso: string, now: number): string {
  const then = Date.parse(iso);
  if (Math.abs(now - then) < MINUTE) return t('time.now');
  const days = daysApart(then, now);
  if (days === 0) return format('clock', then);
  if (days > 0 && days < 7) return format('weekday', then);
  return format(Math.abs(now - then) < 300 * DAY ? 'monthDay' : 'fullDate', then);
}

/** What a row says of its job: "in progress", "completed", "today 2:00 PM", "Mon, Nov 23". */
export function jobHint(job: { status: string; scheduled_at: string | null }, now: number): string {
  if (job.status === 'in_progress') return t('job.inProgress');
  if (job.status === 'completed') return t('job.completed');
  if (job.status === 'canceled') return t('job.canceled');
  if (!job.scheduled_at) return t('job.unscheduled');
  const then = Date.parse(job.scheduled_at);
  const days = daysApart(then, now);
  if (days === 0) return t('job.today', { time: format('clock', then) });
  if (days === -1) return t('job.tomorrow', { time: format('clock', then) });
  return days < 0 && days > -7
    ? `${format('weekday', then)}, ${format('monthDay', then)}`
    : format('monthDay', then);
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

/** Who a thread is with: their threads have one face. */
export const personOf = (row: { id: string; customer: { id: string } | null }): string =>
  row.customer?.id ?? row.id;

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

/** Hues that faces have (parts.css); 0 is none. */
const HUES = 8;

/** The hue of whoever has this id, from 1. */
export function hueOf(id: string): number {
  let hash = 0;
  for (let at = 0; at < id.length; at++) hash = (hash * 31 + id.charCodeAt(at)) >>> 0;
  return id === '' ? 0 : 1 + (hash % HUES);
}

/** What a person is called in a sentence; a name as long as a page is cut. */
export function firstName(name: string): string {
  const first = contactName(name) === name ? (name.trim().split(/\s+/)[0] ?? name) : contactName(name);
  return first.length > 24 ? `${first.slice(0, 23)}…` : first;
}
