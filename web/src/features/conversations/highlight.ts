/** A stretch of text, and whether it matches what is searched for. */
export interface Piece {
  text: string;
  hit: boolean;
}

const letters = /[\p{L}\p{N}]/u;

/** Lower case without accents, with the place in the original of each character. */
function fold(text: string): { folded: string; places: number[] } {
  let folded = '';
  const places: number[] = [];
  let place = 0;
  for (const char of text) {
    const plain = char.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    folded += plain;
    for (let i = 0; i < plain.length; i++) places.push(place);
    place += char.length;
  }
  places.push(place);
  return { folded, places };
}

export const termsOf = (q: string): string[] =>
  [...new Set(q.split(/\s+/).map((term) => fold(term).folded))].filter((term) => letters.test(term));

/** The text cut where words begin with one of the terms. */
export function highlight(text: string, terms: readonly string[]): Piece[] {
  if (terms.length === 0 || text === '') return [{ text, hit: false }];
  const { folded, places } = fold(text);
  const hits = terms.flatMap((term) => occurrences(folded, term)).sort((a, b) => a[0] - b[0]);
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

function occurrences(folded: string, term: string): [number, number][] {
  const found: [number, number][] = [];
  for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + term.length)) {
    const before = at > 0 ? folded[at - 1] : '';
    const digits = /^\d+$/.test(term);
    if (digits || !before || !letters.test(before)) found.push([at, at + term.length]);
  }
  return found;
}
