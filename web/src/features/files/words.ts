// What is said of a file that is being attached.
import { t } from '../../app/strings';
import type { Attached } from './attached.svelte';
import { plainName, sizeWords } from './names';
import { WHY, type Way } from './rules';

const percent = new Intl.NumberFormat(navigator.language, { style: 'percent', maximumFractionDigits: 0 });
/** Up, and not yet looked at by the server. */
const NEARLY = 0.99;

export const percentOf = (part: number): string => percent.format(Math.min(NEARLY, part));

/** Its size, and what it was before. */
export const sizes = ({ remark, given, size }: Attached): string =>
  remark === 'scaled'
    ? t('attach.scaled', { before: sizeWords(given), after: sizeWords(size) })
    : sizeWords(size);

export const wayWords = (way: Way | undefined): string | null =>
  way?.by === 'link' ? t('attach.asLink', { why: WHY[way.why] }) : null;

const REMARKS = {
  moves: t('attach.moves'),
  unable: t('attach.unable'),
  heic: t('attach.heic'),
} as const;

/** What else is to be known of it before it leaves. */
export function remarks({ remark, asks }: Attached, internal = false): string[] {
  const said = remark && remark !== 'scaled' ? [REMARKS[remark]] : [];
  return asks && !internal ? [...said, t('attach.tells')] : said;
}

export const namesOf = (files: readonly { name: string }[]): string =>
  new Intl.ListFormat('en').format(files.map(({ name }) => plainName(name)));
