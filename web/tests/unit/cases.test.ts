import { readFileSync } from 'node:fs';

import { SegmentedMessage } from 'sms-segments-calculator';
import { describe, expect, it } from 'vitest';

import { segments } from '../../src/features/composer/segments';
import { clean, takenOut } from '../../src/features/thread/clean';
import { parse, plain, sendable, type Node } from '../../src/features/thread/markdown';

/** A tree as the server writes it: `{ "strong": [{ "text": "Tuesday" }] }`. */
type Shown = Record<string, unknown>;

interface Case {
  name: string;
  text: string;
  shows: Shown[];
  leaves: string;
  encoding: string;
  units: number;
  parts: number;
}

// The server passes the same cases (shared/domain/src/markdown/tests.rs).
const cases = JSON.parse(readFileSync('../shared/domain/cases/texts.json', 'utf8')) as Case[];

function shown(node: Node): Shown {
  if (node.kind === 'text' || node.kind === 'code') return { [node.kind]: node.text };
  if (node.kind !== 'link') return { [node.kind]: node.children.map(shown) };
  return { link: { href: node.href, label: plainly(node.children) } };
}

const plainly = (nodes: Node[]): string => nodes.map((node) => ('text' in node ? node.text : '')).join('');

describe('what leaves is what the bubble shows', () => {
  it.each(cases)('$name', ({ text, shows, leaves, encoding, units, parts }) => {
    expect(parse(text).map(shown)).toEqual(shows);
    expect(plain(text)).toBe(leaves);
    const counted = segments(leaves);
    expect([counted.encoding, counted.units, counted.parts]).toEqual([encoding, units, parts]);
  });

  it.each(cases.filter(({ leaves }) => leaves !== ''))(
    'takes as many parts as the provider’s own calculator says: $name',
    ({ leaves, encoding, parts }) => {
      const theirs = new SegmentedMessage(leaves, 'auto');
      expect([theirs.encodingName, theirs.segmentsCount]).toEqual([encoding, parts]);
    },
  );

  it.each(['', ' \n\t', '\u200b\ufeff', '\u2800\u3164', '\0\u001b\u007f', '\u00ad\ufe0f', '`\u200b`'])(
    'sends nothing that shows nothing: %j',
    (text) => expect(sendable(text)).toBe(false),
  );

  it('takes control characters out and counts them before', () => {
    expect(clean(' a\0b\u001b[31mc\r\nd\te ')).toBe('ab[31mc\nd e');
    expect(takenOut('a\0b\u001b[31mc\r\nd\te\u009b')).toBe(3);
    expect(takenOut('half a character: \ud83d')).toBe(1);
    expect(takenOut('two\nlines, a\ttab\u2028')).toBe(0);
  });
});
