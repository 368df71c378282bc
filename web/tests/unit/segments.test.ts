import { SegmentedMessage } from 'sms-segments-calculator';
import { describe, expect, it } from 'vitest';

import { plainer, segments, worthShowing } from '../../src/features/composer/segments';

const oracle = (text: string) => new SegmentedMessage(text, 'auto', false);

describe('how many parts a text leaves in', () => {
  it.each([
    ['nothing', '', 0],
    ['160 septets', 'a'.repeat(160), 1],
    ['161 septets', 'a'.repeat(161), 2],
    ['an escape is not split from its character', 'a'.repeat(152) + '€' + 'a'.repeat(152), 3],
    ['a character of two units is not split', 'x'.repeat(66) + '😜' + 'x'.repeat(66), 3],
    ['a family is one character of eleven units', '👨‍👩‍👧‍👦'.repeat(7), 2],
    ['a curly apostrophe forces unicode', '’' + 'a'.repeat(70), 2],
  ])('%s', (_, text, parts) => {
    expect(segments(text).parts).toBe(parts);
  });

  it('agrees with the carrier’s own calculator on two thousand mixed texts', () => {
    const alphabet = [
      'a',
      'Z',
      ' ',
      '€',
      '[',
      'é',
      'ç',
      '’',
      '“',
      '…',
      '😜',
      '👨‍👩‍👧‍👦',
      'ß',
      '\n',
      '`',
      'e\u0301',
      '日',
      'क्ष',
      'नि',
      '🇺🇸',
      '👩🏽‍❤️‍👨🏽',
      '🫶🏽',
      '한',
      '\r\n',
    ];
    let seed = 7;
    const next = (most: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % most;
    for (let i = 0; i < 2000; i++) {
      const rich = next(4) === 0 ? alphabet.length : 6;
      const text = Array.from({ length: 1 + next(330) }, () => alphabet[next(rich)]).join('');
      const theirs = oracle(text);
      expect([segments(text).encoding, segments(text).parts], JSON.stringify(text)).toEqual([
        theirs.encodingName,
        theirs.segmentsCount,
      ]);
    }
  });

  it('names each character that forces unicode, once', () => {
    expect(segments('It’s “fine”, isn’t it').foreign).toEqual(['’', '“', '”']);
    expect(segments('Ça va').foreign).toEqual([]);
    expect(segments('ça va').foreign).toEqual(['ç']);
  });

  it('offers the plain look-alikes only when they make it cheap', () => {
    expect(plainer('You’re covered…')).toBe("You're covered...");
    expect(plainer('You’re covered 😀')).toBeNull();
    expect(plainer('plain')).toBeNull();
  });

  it('shows itself from three quarters of the first part on', () => {
    expect(worthShowing(segments('a'.repeat(119)))).toBe(false);
    expect(worthShowing(segments('a'.repeat(120)))).toBe(true);
    expect(worthShowing(segments('’' + 'a'.repeat(52)))).toBe(true);
  });
});
