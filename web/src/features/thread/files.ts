// What the files of a message are called, and the room that they take.
import type { Media } from '../../api/types';
import { t } from '../../app/strings';

export type FileKind = Media['kind'];

/** How many of a kind, in words. */
export const WORDS: Record<FileKind, (n: number) => string> = {
  photo: (n) => t('file.photo', { n }),
  video: (n) => t('file.video', { n }),
  voice_memo: (n) => t('file.voice_memo', { n }),
  contact: (n) => t('file.contact', { n }),
  file: (n) => t('file.file', { n }),
};

/** A message without words is called by its files, or that it is empty. */
export function wordless({ media }: { media: readonly Pick<Media, 'kind'>[] }): string {
  const [first] = media;
  if (!first) return t('thread.emptyMessage');
  const kind = media.every((file) => file.kind === first.kind) ? first.kind : 'file';
  return WORDS[kind](media.length);
}

/** More pixels than this are not drawn: the page would stand still. */
export const MOST_PIXELS = 120_000_000;
/** Whether a photo is drawn where it stands. */
export const isDrawn = ({ state, width, height }: Media): boolean =>
  state === 'ready' && (width ?? 0) * (height ?? 0) <= MOST_PIXELS;

/** The room of a photo in a bubble. */
const BOX = { width: 240, height: 160, lowest: 60, highest: 320 };

/** How large a photo is drawn in its bubble, before anything of it has come. */
export function boxOf({ width, height }: Pick<Media, 'width' | 'height'>): {
  width: number;
  height: number;
} {
  if (!width || !height) return BOX;
  const wide = Math.min(BOX.width, Math.max(width, BOX.lowest), (BOX.highest * width) / height);
  const drawn = Math.max(wide, BOX.lowest);
  const high = Math.min(BOX.highest, Math.max(BOX.lowest, (drawn * height) / width));
  return { width: Math.round(drawn), height: Math.round(high) };
}
