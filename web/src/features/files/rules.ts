// Which way a file goes to a customer, said before it is sent; the server decides in the same way.
import { t } from '../../app/strings';
import { plain } from '../thread/markdown';

/** A picture message with its words and all files, in bytes. */
export const TEXT_BYTES = 5_000_000;
/** Each of those that the provider does not make smaller. */
const SMALL_BYTES = 500_000;
/** Pixels of a picture that phones take. */
const TEXT_PIXELS = 50_000_000;
/** Files of one message, whichever way they go. */
export const MOST_FILES = 10;
/** The largest file that leaves at all, in bytes. */
export const MOST_BYTES = 26_214_400;
/** As it is said. */
export const SAID_MOST = 25_000_000;
/** What a picture message costs, in cents; the carrier's fee comes on top. */
export const PICTURE_CENTS = 2;

const PICTURES = new Set(['image/jpeg', 'image/png', 'image/gif']);
const SMALL = new Set([
  'video/mp4',
  'video/3gpp',
  'audio/amr',
  'audio/mpeg',
  'text/vcard',
  'application/pdf',
]);
/** Pictures that browsers show and texts do not carry: they leave in another form. */
const OTHER_PICTURES = new Set(['image/webp', 'image/avif', 'image/bmp']);
/** What the server takes place, device and owner out of. */
const CLEANED = new Set([...PICTURES, 'image/webp']);

/** Where picture messages arrive. */
const COUNTRIES = /^\+(1|61)/;

export interface Facts {
  content_type: string;
  size: number;
  /** Of a picture, as far as they are known. */
  pixels?: number;
}

/** Why something cannot be in the message itself. */
export type Why = 'country' | 'type' | 'size' | 'full';
/** To a customer. */
type WayOut = { by: 'mms' } | { by: 'link'; why: Why };
/** `house`: to colleagues. */
export type Way = WayOut | { by: 'house' };

export const reachesPictures = (contact: string): boolean => COUNTRIES.test(contact);

const encoder = new TextEncoder();

/** What these words take up beside their files, in bytes of what leaves. */
export const bytesOf = (text: string): number => encoder.encode(plain(text.trim())).length;

/** How each goes beside words of so many bytes, in their order: what no longer fits goes as a link. */
export function ways(files: readonly Facts[], contact: string, words: number): WayOut[] {
  let room = TEXT_BYTES - words;
  return files.map((file) => {
    const why = hindrance(file, room, contact);
    if (why) return { by: 'link', why };
    room -= file.size;
    return { by: 'mms' };
  });
}

/** What is left in the message for the next one, in bytes. */
export function roomFor(files: readonly Facts[], contact: string, words: number): number {
  const all = ways(files, contact, words);
  return files.reduce(
    (room, { size }, at) => (all[at]?.by === 'mms' ? room - size : room),
    TEXT_BYTES - words,
  );
}

function hindrance({ content_type, size, pixels = 0 }: Facts, room: number, contact: string): Why | null {
  if (!reachesPictures(contact)) return 'country';
  if (!PICTURES.has(content_type) && !SMALL.has(content_type)) return 'type';
  if (size > (SMALL.has(content_type) ? SMALL_BYTES : TEXT_BYTES) || pixels > TEXT_PIXELS) return 'size';
  return size > room ? 'full' : null;
}

/** Whether a picture is to be drawn anew: it is too large for the room or for phones, or of a type that texts do not carry. */
export const isRedrawn = ({ content_type, size, pixels = 0 }: Facts, room: number): boolean =>
  OTHER_PICTURES.has(content_type) || (PICTURES.has(content_type) && (size > room || pixels > TEXT_PIXELS));

/** Whether this may tell more than meant, and nobody can take it out. */
export const tells = (content_type: string): boolean => !CLEANED.has(content_type);

/** The name with the ending of what it has become. */
export function renamed(name: string, type: string): string {
  const end = type === 'image/png' ? '.png' : '.jpg';
  return name.replace(/(\.[^.]{1,5})?$/, end);
}

export const WHY: Record<Why, string> = {
  country: t('attach.whyCountry'),
  type: t('attach.whyType'),
  size: t('attach.whySize'),
  full: t('attach.whyFull'),
};
