// Words between two equal marks that stand at the edges of words.

/** What may stand before an opening mark, besides a space and nothing; and after a closing one. */
const BEFORE = '([{"\'“‘„«¿¡–—-（［「『【〈《';
const AFTER = ')]}"\'”’“‘»,.:;!?…–—-）］」』】〉》、。，．：；！？';

/** A mark and its partner: what stands between them, and how many marks each has. */
export interface Pair {
  mark: string;
  size: number;
  inner: string;
}

/** The pair that opens at `at`. The partner is the very next run of as many marks on the line, or there is none. */
export function pair(text: string, at: number): Pair | null {
  // Asked first: of ten thousand stars in a row only one has to be counted.
  if (!isEdge(text.charAt(at - 1), BEFORE)) return null;
  const mark = text.charAt(at);
  const size = run(text, at, mark);
  if (size > (mark === '*' ? 3 : 1)) return null;
  const end = nextRun(text, at + size, mark, size);
  if (end < 0 || !isEdge(text.charAt(end + size), AFTER)) return null;
  const inner = text.slice(at + size, end);
  const holds = inner.trim() === inner && inner !== '' && (mark === '`' || isEmphasis(inner, size));
  return holds ? { mark, size, inner } : null;
}

const isEdge = (char: string, signs: string): boolean => /\s/.test(char) || signs.includes(char);

function run(text: string, at: number, mark: string): number {
  let end = at;
  while (text[end] === mark) end++;
  return end - at;
}

function nextRun(text: string, from: number, mark: string, size: number): number {
  for (let at = from; at < text.length && text[at] !== '\n'; at += run(text, at, mark) || 1)
    if (run(text, at, mark) === size) return at;
  return -1;
}

// "*Required. See (*)" has two footnotes, and no emphasis. A code such as `*1234#` or `*A12*` has its stars from
// whoever made it.
function isEmphasis(inner: string, size: number): boolean {
  if (/^[)\]},.:;!?]|[([{]$/.test(inner)) return false;
  if (size > 1) return /[\p{Alphabetic}\p{N}]/u.test(inner);
  const isCode = /\p{N}/u.test(inner) && !/\s/.test(inner) && !inner.includes('://');
  return /\p{Alphabetic}/u.test(inner) && !isCode;
}
