/** A stretch of text, and whether it matches what is searched for. */
export interface Piece {
  text: string;
  hit: boolean;
}

const letters = /[\p{L}\p{N}\p{M}]/u;
/** As keyboards and phones write it. */
const APOSTROPHES = /['’‘‛ʼʻ`´′＇｀]/g;
/** What people without the key type for a letter that is none with an accent: as the server's terms (terms.rs). */
const TYPED: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ı: 'i',
};

/** As a word is looked for: lower case, without accents and apostrophes. */
export const bare = (text: string): string =>
  text
    .replace(APOSTROPHES, '')
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßæœøđðþłħŧŋı]/g, (letter) => TYPED[letter] ?? '');

/** The text as words are looked for in it, with the place in the original of each character. */
function fold(text: string): { folded: string; places: number[] } {
  let folded = '';
  const places: number[] = [];
  let place = 0;
  for (const char of text) {
    const plain = bare(char);
    folded += plain;
    for (let i = 0; i < plain.length; i++) places.push(place);
    place += char.length;
  }
  places.push(place);
  return { folded, places };
}

/** What is searched for, word by word; a number, however it is typed, is one. */
export function termsOf(q: string): string[] {
  const digits = /^[\d\s()+./-]+$/.test(q) ? q.replace(/\D/g, '') : '';
  const words = digits.length > 2 ? [digits] : bare(q).split(/[^\p{L}\p{N}]+/u);
  return [...new Set(words)].filter((term) => term);
}

/** The text cut where words begin with one of the terms. */
export function highlight(text: string, terms: readonly string[]): Piece[] {
  if (terms.length === 0 || text === '') return [{ text, hit: false }];
  const { folded, places } = fold(text);
  const begins = (at: number) => !letters.test(text.slice(0, places[at]).slice(-1));
  const hits = terms
    .flatMap((term) => occurrences(folded, term))
    .filter(([at, , anywhere]) => anywhere || (places[at] !== places[at - 1] && begins(at)))
    .sort((a, b) => a[0] - b[0]);
  const pieces: Piece[] = [];
  let end = 0;
  for (const [from, to] of hits) {
    const start = Math.max(places[from] ?? 0, end);
    const stop = places[to] ?? text.length;
    if (stop <= start) continue;
    if (start > end) pieces.push({ text: text.slice(end, start), hit: false });
    pieces.push({ text: text.slice(start, stop), hit: true });
    end = stop;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), hit: false });
  return pieces;
}

/** How much before the first hit still leaves it in sight on one line of a row. */
const LEAD = 18;

/** A found text cut so that what was found is in sight: "…the yearly boiler service". */
export function excerpt(text: string, terms: readonly string[]): string {
  const pieces = highlight(text, terms);
  const before = pieces[0]?.hit === false && pieces.length > 1 ? pieces[0].text : '';
  if (before.length <= LEAD + 6) return text;
  const cut = before.length - LEAD;
  const word = text.indexOf(' ', cut);
  return `…${text.slice(word >= 0 && word < before.length ? word + 1 : cut)}`;
}

/** From where to where, and whether it may begin within a word: a part of a number, also one written in groups. */
function occurrences(folded: string, term: string): [number, number, boolean][] {
  const digits = /^\d+$/.test(term);
  const wanted = digits
    ? term
        .replace(/^1(?=\d{10}$)/, '')
        .split('')
        .join('[ ().+/-]*')
    : term;
  return [...folded.matchAll(new RegExp(wanted, 'g'))].map((found) => [
    found.index,
    found.index + found[0].length,
    digits,
  ]);
}
