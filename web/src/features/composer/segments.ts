// How many parts a text leaves in, as the carrier counts them (reference/twilio.md §5, GSM 03.38, 3GPP TS 23.040).

import { clean } from '../thread/clean';
import { plain } from '../thread/markdown';
import { clusters } from './clusters';

export interface Segments {
  encoding: 'GSM-7' | 'UCS-2';
  /** Septets in GSM-7, UTF-16 units in UCS-2. */
  units: number;
  parts: number;
  /** What the first part holds in this encoding: 160 or 70. */
  room: number;
  /** The characters that GSM-7 lacks, in order, each once. */
  foreign: string[];
}

const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** These cost two septets: an escape and themselves. */
const EXTENDED = new Set('\f^{}\\[~]|€');

const ROOM = { 'GSM-7': { one: 160, each: 153 }, 'UCS-2': { one: 70, each: 67 } } as const;

/** Typographic look-alikes that keyboards write by themselves, and what GSM-7 has for them. */
const PLAIN: Record<string, string> = {
  '‘': "'", '’': "'", '‚': "'", '‛': "'", '′': "'", '`': "'",
  '“': '"', '”': '"', '„': '"', '‟': '"', '″': '"',
  '–': '-', '—': '-', '−': '-', '‐': '-', '‑': '-',
  '…': '...', '•': '-', '\u00a0': ' ', '\u202f': ' ', '\u2009': ' ', '\t': ' ', '\u200b': '', '\ufeff': '',
}; // prettier-ignore

const septets = (char: string): number => (BASIC.has(char) ? 1 : EXTENDED.has(char) ? 2 : Infinity);

/** The price of one part, US list price of Twilio, in cents. The carrier's fee comes on top and differs. */
const CENTS_PER_PART = 0.83;
export const price = (parts: number): number => Math.round(parts * CENTS_PER_PART * 10) / 10;

export function segments(text: string): Segments {
  const foreign = [...new Set(clusters(text).filter(isForeign))];
  const encoding = foreign.length > 0 ? 'UCS-2' : 'GSM-7';
  const pieces =
    encoding === 'GSM-7' ? Array.from(text, septets) : clusters(text).map(({ length }) => length);
  const { one, each } = ROOM[encoding];
  return {
    encoding,
    units: sum(pieces),
    parts: text === '' ? 0 : pack(pieces, one, each),
    room: one,
    foreign,
  };
}

const isForeign = (cluster: string): boolean => [...cluster].some((char) => septets(char) === Infinity);

const sum = (sizes: number[]): number => sizes.reduce((total, size) => total + size, 0);

/**
 * Parts filled in order. A message that outgrows the one part leaves room there for a header, and what gives way to
 * it moves on unlooked at: so the provider counts.
 */
function pack(sizes: number[], one: number, each: number): number {
  let [parts, used, room] = [1, 0, one];
  sizes.forEach((size, at) => {
    if (used + size > room) {
      used = parts === 1 ? used - fitting(sizes.slice(0, at), each) : 0;
      room = each;
      parts++;
    }
    used += size;
  });
  return parts;
}

/** The units of the leading pieces that fit. */
function fitting(sizes: number[], room: number): number {
  let used = 0;
  for (const size of sizes) {
    if (used + size > room) break;
    used += size;
  }
  return used;
}

/** The longest text that the provider takes (reference/twilio.md §5). */
const LONGEST = 1600;

/** By how much a text is too long, as it is written or as it leaves; not above zero for one that can be sent. */
export const excess = (text: string): number =>
  Math.max(Array.from(clean(text)).length, plain(text).length) - LONGEST;

/** The counter shows from three quarters of the first part on (FEATURES row 46), and for more than one part. */
export const worthShowing = ({ units, room, parts }: Segments): boolean => parts > 1 || units >= room * 0.75;

/** The text with the look-alikes replaced, when that alone makes it GSM-7; null when something else forces unicode. */
export function plainer(text: string): string | null {
  const changed = Array.from(text, (char) => PLAIN[char] ?? char).join('');
  return changed !== text && segments(changed).encoding === 'GSM-7' ? changed : null;
}

/** What a single look-alike is replaced by, to name it: `'` for `’`. */
export const lookAlike = (char: string): string => PLAIN[char] ?? char;
