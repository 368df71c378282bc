// Which way a file goes is said before it is sent.
import { describe, expect, it } from 'vitest';

import { isRedrawn, renamed, roomFor, tells, ways, type Facts } from '../../src/features/files/rules';

const PHONE = '+12075550188';
const file = (content_type: string, size: number): Facts => ({ content_type, size });
const said = (files: Facts[], contact = PHONE) =>
  ways(files, contact).map((way) => (way.by === 'mms' ? 'mms' : way.why));

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

  it('what no longer fits goes as a link, and what still does is in the text', () => {
    const [large, small] = [file('image/png', 3_000_000), file('image/jpeg', 1_000_000)];
    expect(said([large, large, small])).toEqual(['mms', 'full', 'mms']);
    expect(roomFor([large, large, small], PHONE)).toBe(1_000_000);
  });

  it('nothing is in a text to where picture messages do not go', () => {
    expect(said([file('image/png', 9)], '+442079460000')).toEqual(['country']);
    expect(said([file('image/png', 9)], '+61255501234')).toEqual(['mms']);
  });
});

it('a picture is drawn anew only where it must be', () => {
  expect(isRedrawn(file('image/jpeg', 900), 1000)).toBe(false);
  expect(isRedrawn(file('image/jpeg', 1001), 1000)).toBe(true);
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
