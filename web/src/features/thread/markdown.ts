// The little markdown of messages, as a tree. It is drawn as components: no HTML string exists at any time.
// One grammar with the server's (shared/domain/src/markdown.rs), held by shared/domain/cases/texts.json and by a
// test that feeds both the same random texts.

import { BLANK, clean, showsSomething } from './clean';
import { pair } from './marks';

export type Node =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'em'; children: Node[] }
  | { kind: 'link'; href: string; children: Node[] };

/** What begins at a place, and how long it is. */
type Piece = [node: Node, length: number] | null;

const asText = (text: string): Node => ({ kind: 'text', text });
const link = (href: string, words: string): Node => ({ kind: 'link', href, children: [asText(words)] });

// Quotation marks end an address, like a space and the full-width punctuation of languages that put no space
// after it.
const ADDRESS = new RegExp(
  `[hH][tT][tT][pP][sS]?://[^${BLANK}<>"'\`“”„‟‘’‚‛«»‹›…\\u3000-\\u303f\\ufe10-\\ufe6f\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65]+`,
  'uy',
);
const WEB = /^[hH][tT][tT][pP][sS]?:\/\/[\p{Alphabetic}\p{N}]/u;
const MAIL = 'mailto:';
const BLANKS = new RegExp(`[${BLANK}]`, 'u');

/** What a message of ours says, with its emphasis. */
export function parse(text: string): Node[] {
  return read(clean(text), piece);
}

/** What a customer texted: their asterisks are theirs, only addresses become links. */
export function parseLinks(text: string): Node[] {
  return read(text, bare);
}

/** From left to right: what begins at a sign and is whole, is taken; any other sign is text. */
function read(text: string, take: (text: string, at: number) => Piece): Node[] {
  const nodes: Node[] = [];
  let from = 0;
  const upTo = (end: number) => end > from && nodes.push(asText(text.slice(from, end)));
  for (let at = 0; at < text.length; at++) {
    const found = take(text, at);
    if (!found) continue;
    upTo(at);
    nodes.push(found[0]);
    from = at + found[1];
    at = from - 1;
  }
  upTo(text.length);
  return nodes;
}

function piece(text: string, at: number): Piece {
  const next = text.charAt(at);
  if (next === '[') return labelled(text, at);
  return '*_`'.includes(next) ? marked(text, at) : bare(text, at);
}

/** `https://…`, without what only stands after it. */
function bare(text: string, at: number): Piece {
  if (text[at] !== 'h' && text[at] !== 'H') return null;
  ADDRESS.lastIndex = at;
  const address = withoutTail(ADDRESS.exec(text)?.[0] ?? '');
  return WEB.test(address) ? [link(address, address), address.length] : null;
}

/** The end of a sentence, a star, or a bracket that was not opened within is no part of an address. */
function withoutTail(address: string): string {
  const opened = address.split('(').length;
  let closed = address.split(')').length;
  let end = address.length;
  while (end > 0 && '.,;:!?)]}*،؛؟।॥'.includes(address.charAt(end - 1))) {
    if (address[end - 1] === ')' && closed-- <= opened) break;
    end--;
  }
  return address.slice(0, end);
}

/** `[the form](https://…)` */
function labelled(text: string, at: number): Piece {
  const middle = text.indexOf('](', at);
  const label = text.slice(at + 1, middle);
  if (middle < 0 || /[[\]\n]/.test(label) || label.trim() !== label || !showsSomething(label)) return null;
  const address = bracketed(text, middle + 2);
  const leads = WEB.test(address) || (address.startsWith(MAIL) && address.includes('@'));
  return leads ? [link(address, label), middle + 3 + address.length - at] : null;
}

/** What stands before the bracket that closes, if it could be an address. */
function bracketed(text: string, from: number): string {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && depth-- === 0) {
      const address = text.slice(from, at);
      return BLANKS.test(address) ? '' : address;
    }
  }
  return '';
}

function marked(text: string, at: number): Piece {
  const found = pair(text, at);
  if (!found) return null;
  const { mark, size, inner } = found;
  const length = inner.length + 2 * size;
  if (mark === '`') return [{ kind: 'code', text: inner }, length];
  const em: Node = { kind: 'em', children: read(inner, piece) };
  if (size === 1) return [em, length];
  return [{ kind: 'strong', children: size === 2 ? em.children : [em] }, length];
}

/** How it leaves as a text message: without marks, links as "words (address)". */
export function plain(text: string): string {
  return parse(text).map(words).join('');
}

/** What a message says, in a line of words: only what is ours is markdown, a customer's stars are theirs. */
export const said = (text: string, direction: 'in' | 'out'): string =>
  (direction === 'out' ? plain(text) : text).replace(/\s+/g, ' ');

/** Whether anything is left to be read of what leaves: nothing else is sent. */
export const sendable = (text: string): boolean => showsSomething(plain(text));

function words(node: Node): string {
  if (node.kind === 'text' || node.kind === 'code') return node.text;
  const inner = node.children.map(words).join('');
  if (node.kind !== 'link') return inner;
  const address = node.href.startsWith(MAIL) ? node.href.slice(MAIL.length) : node.href;
  return inner === address ? inner : `${inner} (${address})`;
}
