// Which way a file goes is said before it is sent.
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import {
  bytesOf,
  isRedrawn,
  renamed,
  roomFor,
  tells,
  ways,
  type Facts,
  type Way,
} from '../../src/features/files/rules';

const PHONE = '+12075550188';
const file = (content_type: string, size: number, pixels = 0): Facts => ({ content_type, size, pixels });
const said = (files: Facts[], contact = PHONE, words = 0) =>
  ways(files, contact, words).map((way) => (way.by === 'mms' ? 'mms' : way.why));

interface Case {
  name: string;
  to: string;
  words: number;
  files: [type: string, size: number, width: number | null, height: number | null][];
  ways: Way['by'][];
}
const cases = JSON.parse(readFileSync('../shared/domain/cases/carried.json', 'utf8')) as Case[];

describe('each file goes the way that the server sends it', () => {
  for (const { name, to, words, files, ways: expected } of cases)
    it(name, () => {
      const facts = files.map(([type, size, width, height]) =>
        file(type, size, (width ?? 0) * (height ?? 0)),
      );
      expect(ways(facts, to, words).map(({ by }) => by)).toEqual(expected);
    });

  it('words count by the bytes of what leaves', () => {
    expect(bytesOf('Hello')).toBe(5);
    expect(bytesOf(' **Grüße** 👍\n')).toBe(12);
    expect(bytesOf('')).toBe(0);
  });
});

describe('in the text or as a link', () => {
  it.each([
    ['image/jpeg', 5_000_000, 'mms'],
    ['image/jpeg', 5_000_001, 'size'],
    ['image/gif', 1, 'mms'],
    ['image/webp', 1, 'type'],
    ['image/heic', 1, 'type'],
    ['image/svg+xml', 1, 'type'],
    ['video/mp4', 500_000, 'mms'],
    ['video/mp4', 500_001, 'size'],
    ['video/quicktime', 1, 'type'],
    ['audio/amr', 500_000, 'mms'],
    ['text/vcard', 900, 'mms'],
    ['application/pdf', 500_001, 'size'],
    ['application/zip', 9, 'type'],
  ])('%s of %i bytes: %s', (type, size, way) => expect(said([file(type, size)])).toEqual([way]));

  it('a picture of more pixels than phones take is too large', () => {
    expect(said([file('image/png', 9, 50_000_000), file('image/png', 9, 50_000_001)])).toEqual([
      'mms',
      'size',
    ]);
  });

  it('what no longer fits goes as a link, and what still does is in the text', () => {
    const [large, small] = [file('image/png', 3_000_000), file('image/jpeg', 1_000_000)];
    expect(said([large, large, small])).toEqual(['mms', 'full', 'mms']);
    expect(roomFor([large, large, small], PHONE, 0)).toBe(1_000_000);
    expect(roomFor([large, large, small], PHONE, 100)).toBe(999_900);
  });

  it('nothing is in a text to where picture messages do not go', () => {
    expect(said([file('image/png', 9)], '+442079460000')).toEqual(['country']);
    expect(said([file('image/png', 9)], '+61255501234')).toEqual(['mms']);
  });
});

it('a picture is drawn anew only where it must be', () => {
  expect(isRedrawn(file('image/jpeg', 900), 1000)).toBe(false);
  expect(isRedrawn(file('image/jpeg', 1001), 1000)).toBe(true);
  expect(isRedrawn(file('image/jpeg', 900, 50_000_001), 1000)).toBe(true);
  expect(isRedrawn(file('image/webp', 10), 1000)).toBe(true);
  expect(isRedrawn(file('image/heic', 10), 5)).toBe(false);
  expect(isRedrawn(file('application/pdf', 10), 5)).toBe(false);
});

it('what cannot be cleaned may tell more than meant', () => {
  expect(['image/jpeg', 'image/png', 'image/heic', 'video/mp4', 'application/pdf'].map(tells)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});

it('a picture is called what it has become', () => {
  expect(renamed('dach.webp', 'image/jpeg')).toBe('dach.jpg');
  expect(renamed('.png', 'image/png')).toBe('.png');
  expect(renamed('Café Übung', 'image/jpeg')).toBe('Café Übung.jpg');
  expect(renamed('v1.2 final', 'image/jpeg')).toBe('v1.2 final.jpg');
});
