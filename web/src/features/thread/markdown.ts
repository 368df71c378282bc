// The little markdown of messages, as a tree. It is drawn as components: no HTML string exists at any time.

export type Node =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'em'; children: Node[] }
  | { kind: 'link'; href: string; children: Node[] };

const URL_TEXT = /https?:\/\/[^\s<>"'`\u200b]+/;
// In order of precedence. Emphasis needs an edge of a word on its outside and no space on its inside, so that
// `snake_case`, `2 * 3 * 4` and lone asterisks stay as they are.
const MARKS: [RegExp, (match: RegExpExecArray) => Node][] = [
  [/`([^`\n]+)`/, ([, text = '']) => ({ kind: 'code', text })],
  [
    /\[([^\]\n]{1,500})\]\((https?:\/\/[^\s()]+(?:\([^\s()]*\)[^\s()]*)*|mailto:[^\s()]+)\)/,
    ([, text = '', href = '']) => ({ kind: 'link', href, children: [{ kind: 'text', text }] }),
  ],
  [URL_TEXT, ([url = '']) => bareLink(url)],
  [/(?<![\p{L}\p{N}*])\*\*(?=\S)([^\n]{1,2000}?)(?<=\S)\*\*(?![\p{L}\p{N}*])/u, ([, inner = '']) => ({ kind: 'strong', children: parse(inner) })],
  [/(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*\n]{1,2000}?)(?<=\S)\*(?![\p{L}\p{N}*])/u, ([, inner = '']) => ({ kind: 'em', children: parse(inner) })],
  [/(?<![\p{L}\p{N}_])_(?=[^\s_])([^_\n]{1,2000}?)(?<=\S)_(?![\p{L}\p{N}_])/u, ([, inner = '']) => ({ kind: 'em', children: parse(inner) })],
]; // prettier-ignore

/** A sentence's full stop, or the bracket around it, is not part of an address. */
const TRAILING = /[.,;:!?)\]}'"’”]+$/;

function bareLink(url: string): Node {
  const tail = TRAILING.exec(url)?.[0] ?? '';
  const balanced = tail.startsWith(')') && url.includes('(') ? tail.slice(1) : tail;
  const href = balanced ? url.slice(0, -balanced.length) : url;
  return { kind: 'link', href, children: [{ kind: 'text', text: href }] };
}

/** What a message of ours says, with its emphasis. */
export function parse(text: string): Node[] {
  return read(text, MARKS);
}

/** What a customer texted: their asterisks are theirs, only addresses become links. */
export function parseLinks(text: string): Node[] {
  return read(text, [[URL_TEXT, ([url = '']) => bareLink(url)]]);
}

function read(text: string, marks: typeof MARKS): Node[] {
  const nodes: Node[] = [];
  let rest = text;
  while (rest) {
    const first = earliest(rest, marks);
    if (!first) break;
    const { match, node, length } = first;
    if (match.index > 0) nodes.push({ kind: 'text', text: rest.slice(0, match.index) });
    nodes.push(node);
    rest = rest.slice(match.index + length);
  }
  if (rest) nodes.push({ kind: 'text', text: rest });
  return nodes;
}

function earliest(text: string, marks: typeof MARKS) {
  let best: { match: RegExpExecArray; make: (match: RegExpExecArray) => Node } | null = null;
  for (const [pattern, make] of marks) {
    const match = pattern.exec(text);
    if (match && (!best || match.index < best.match.index)) best = { match, make };
  }
  if (!best) return null;
  const node = best.make(best.match);
  const bare = node.kind === 'link' && !best.match[0].startsWith('[');
  return { match: best.match, node, length: bare ? node.href.length : best.match[0].length };
}

/** How it leaves as a text message: without marks, links as "words (address)". */
export function plain(text: string): string {
  return parse(text).map(words).join('');
}

function words(node: Node): string {
  if (node.kind === 'text' || node.kind === 'code') return node.text;
  const inner = node.children.map(words).join('');
  return node.kind === 'link' && inner !== node.href ? `${inner} (${node.href})` : inner;
}
