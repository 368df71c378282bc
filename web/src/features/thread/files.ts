// What the files of a message are called, and the room that they take.
import type { Media } from '../../api/types';
import { t } from '../../app/strings';

/** A file as the server tells of it. */
export type FileOf = Media & Partial<Told>;
interface Told {
  name: string | null;
  size: number | null;
  width: number | null;
  height: number | null;
  state: 'ready' | 'fetching' | 'failed';
  reason: string | null;
  goes_as: 'mms' | 'link' | null;
}

export type FileKind = NonNullable<Media['kind']>;

const CONTACT = /^(text|application)\/(x-)?(vcard|directory)$/;
const BY_TYPE: Record<string, FileKind> = { image: 'photo', video: 'video', audio: 'voice_memo' };

export const typeOf = ({ content_type }: Kinded): string => content_type.split(';')[0]!.trim().toLowerCase();

/** What says of which kind it is. */
type Kinded = Pick<Media, 'kind' | 'content_type'>;

/** What a file is to whoever reads: the server's word, or by its type. */
export function kindOf(file: Kinded): FileKind {
  const type = typeOf(file);
  return file.kind ?? (CONTACT.test(type) ? 'contact' : (BY_TYPE[type.split('/')[0]!] ?? 'file'));
}

/** How many of a kind, in words. */
export const WORDS: Record<FileKind, (n: number) => string> = {
  photo: (n) => t('file.photo', { n }),
  video: (n) => t('file.video', { n }),
  voice_memo: (n) => t('file.voice_memo', { n }),
  contact: (n) => t('file.contact', { n }),
  file: (n) => t('file.file', { n }),
};

/** A message without words is called by its files, or that it is empty. */
export function wordless({ media }: { media: readonly Kinded[] }): string {
  const [first] = media;
  if (!first) return t('thread.emptyMessage');
  const kind = media.every((file) => kindOf(file) === kindOf(first)) ? kindOf(first) : 'file';
  return WORDS[kind](media.length);
}

/** More pixels than this are not drawn: the page would stand still. */
export const MOST_PIXELS = 120_000_000;
/** Whether a photo is drawn where it stands. */
export const isDrawn = ({ state = 'ready', width, height }: FileOf): boolean =>
  state === 'ready' && (width ?? 0) * (height ?? 0) <= MOST_PIXELS;

/** The room of a photo in a bubble. */
const BOX = { width: 240, height: 160, lowest: 60, highest: 320 };

/** How large a photo is drawn in its bubble, before anything of it has come. */
export function boxOf({ width, height }: Pick<FileOf, 'width' | 'height'>): {
  width: number;
  height: number;
} {
  if (!width || !height) return BOX;
  const wide = Math.min(BOX.width, Math.max(width, BOX.lowest), (BOX.highest * width) / height);
  const drawn = Math.max(wide, BOX.lowest);
  const high = Math.min(BOX.highest, Math.max(BOX.lowest, (drawn * height) / width));
  return { width: Math.round(drawn), height: Math.round(high) };
}
