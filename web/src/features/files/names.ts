// What a file looks like where it is named, and what it is called on the disk of whoever saves it.
import type { Media } from '../../api/types';
import type { IconName } from '../../app/Icon.svelte';
import type { FileKind } from '../thread/files';

export const ICONS: Record<FileKind, IconName> = {
  photo: 'photo',
  video: 'photo',
  voice_memo: 'mic',
  contact: 'person',
  file: 'doc',
};

/** Endings that the second half of a type does not tell. */
const ENDINGS: Record<string, string> = {
  jpeg: 'jpg',
  quicktime: 'mov',
  plain: 'txt',
  vcard: 'vcf',
  directory: 'vcf',
  mpeg: 'mp3',
  '3gpp': '3gp',
  'svg+xml': 'svg',
};

/** Its MIME type, without what may stand behind it. */
export const typeOf = ({ content_type }: Media): string => content_type.split(';')[0]!.trim().toLowerCase();

/** "HEIC", "VCF": short enough to stand beside what it is; empty where the type tells nothing. */
export function ending(file: Media): string {
  const half = (typeOf(file).split('/')[1] ?? '').replace(/^x-/, '');
  const found = typeOf(file) === 'video/mpeg' ? 'mpg' : (ENDINGS[half] ?? half);
  return /^[a-z0-9]{2,5}$/.test(found) ? found : '';
}

/** Under which name it is saved. */
export function fileName(file: Media): string {
  if (file.name) return file.name;
  const end = ending(file);
  return `${file.kind.replace('_', '-')}-${file.id.slice(-6)}${end && `.${end}`}`;
}

/** Signs that turn a line around, or are not seen at all: a name shows what it is. */
export const plainName = (name: string): string =>
  name.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Cc}]/gu, '');

const MEGA = 1_000_000;
const KILO = 1000;
const inUnit = (unit: 'megabyte' | 'kilobyte' | 'byte', digits: number) =>
  new Intl.NumberFormat(navigator.language, {
    style: 'unit',
    unit,
    maximumFractionDigits: digits,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
  });

/** "4.8 MB", "214 kB". */
export function sizeWords(bytes: number): string {
  if (bytes >= MEGA) return inUnit('megabyte', bytes < 10 * MEGA ? 1 : 0).format(bytes / MEGA);
  return bytes >= KILO
    ? inUnit('kilobyte', 0).format(Math.round(bytes / KILO))
    : inUnit('byte', 0).format(bytes);
}
