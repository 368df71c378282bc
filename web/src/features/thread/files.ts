// What a file is called, in words and on the disk of whoever saves it.
import type { Media, Message } from '../../api/types';
import type { IconName } from '../../app/Icon.svelte';
import { t } from '../../app/strings';

export type FileKind = NonNullable<Media['kind']>;

const CONTACT = /^(text|application)\/(x-)?(vcard|directory)$/;
const BY_TYPE: Record<string, FileKind> = { image: 'photo', video: 'video', audio: 'voice_memo' };

const typeOf = ({ content_type }: Media): string => content_type.split(';')[0]!.trim().toLowerCase();

/** What a file is to whoever reads: the server's word, or by its type. */
export function kindOf(file: Media): FileKind {
  const type = typeOf(file);
  return file.kind ?? (CONTACT.test(type) ? 'contact' : (BY_TYPE[type.split('/')[0]!] ?? 'file'));
}

export const ICONS: Record<FileKind, IconName> = {
  photo: 'photo',
  video: 'photo',
  voice_memo: 'bubble',
  contact: 'person',
  file: 'link',
};

/** How many of a kind, in words. */
export const WORDS: Record<FileKind, (n: number) => string> = {
  photo: (n) => t('file.photo', { n }),
  video: (n) => t('file.video', { n }),
  voice_memo: (n) => t('file.voice_memo', { n }),
  contact: (n) => t('file.contact', { n }),
  file: (n) => t('file.file', { n }),
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

/** "HEIC", "VCF": short enough to stand beside what it is; empty where the type tells nothing. */
export function ending(file: Media): string {
  const half = (typeOf(file).split('/')[1] ?? '').replace(/^x-/, '');
  const found = typeOf(file) === 'video/mpeg' ? 'mpg' : (ENDINGS[half] ?? half);
  return /^[a-z0-9]{2,5}$/.test(found) ? found : '';
}

/** Under which name it is saved. */
export function fileName(file: Media): string {
  const end = ending(file);
  return `${kindOf(file).replace('_', '-')}-${file.id.slice(-6)}${end && `.${end}`}`;
}

/** A message without words is called by its files, or that it is empty. */
export function wordless({ media }: Pick<Message, 'media'>): string {
  const [first] = media;
  if (!first) return t('thread.emptyMessage');
  const kind = media.every((file) => kindOf(file) === kindOf(first)) ? kindOf(first) : 'file';
  return WORDS[kind](media.length);
}
