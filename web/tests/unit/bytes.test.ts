// What a file is, and what it says of itself, by its bytes alone.
import { describe, expect, it } from 'vitest';

import { typeOfBytes } from '../../src/features/files/bytes';
import { factsOf } from '../../src/features/files/header';
import { boxed, bytes, gif, jpeg, moving, png, seenThrough, text, webp } from './pictures';

describe('the type is that of the bytes', () => {
  it.each([
    ['image/jpeg', jpeg(4, 3)],
    ['image/png', png()],
    ['image/gif', gif(1)],
    ['image/webp', webp(0, 9, 9)],
    ['image/heic', boxed('heic')],
    ['image/heic', boxed('mif1')],
    ['image/avif', boxed('avif')],
    ['video/mp4', boxed('isom')],
    ['video/quicktime', boxed('qt  ')],
    ['video/3gpp', boxed('3gp5')],
    ['audio/mp4', boxed('M4A ')],
    ['audio/amr', text('#!AMR\n')],
    ['audio/mpeg', text('ID3\x03')],
    ['audio/mpeg', bytes([0xff, 0xfb, 0x90, 0])],
    ['application/pdf', text('%PDF-1.7')],
    ['application/zip', bytes('PK\x03\x04')],
    ['text/vcard', text('BEGIN:VCARD\r\nFN:Ana')],
    ['text/plain', text('<svg onload=alert(1)>')],
    ['text/plain', text('<html><script>')],
    ['application/octet-stream', bytes([0, 1, 2, 3])],
    ['application/octet-stream', new Uint8Array()],
  ])('%s', (type, file) => expect(typeOfBytes(file)).toBe(type));
});

describe('a picture says before it is decoded', () => {
  const still = { alpha: false, moves: false };

  it('how large it is', () => {
    expect(factsOf('image/jpeg', jpeg(4032, 3024))).toEqual({ width: 4032, height: 3024, ...still });
    expect(factsOf('image/png', png({ width: 30_000, height: 30_000, pixels: new Uint8Array(9) }))).toEqual({
      width: 30_000,
      height: 30_000,
      ...still,
    });
    expect(factsOf('image/gif', gif(1))).toEqual({ width: 2, height: 1, ...still });
    expect(factsOf('image/webp', webp(0, 640, 480))).toEqual({ width: 640, height: 480, ...still });
  });

  it('that it may be seen through', () => {
    expect(factsOf('image/png', png({ colour: 6 })).alpha).toBe(true);
    expect(factsOf('image/png', png({ before: [seenThrough] })).alpha).toBe(true);
    expect(factsOf('image/webp', webp(0x10, 9, 9)).alpha).toBe(true);
  });

  it('that it moves', () => {
    expect(factsOf('image/gif', gif(2)).moves).toBe(true);
    expect(factsOf('image/png', png({ before: [moving] })).moves).toBe(true);
    expect(factsOf('image/webp', webp(0x02, 9, 9)).moves).toBe(true);
  });

  it.each(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif', 'image/bmp', 'image/heic'])(
    'nothing where its bytes end too soon (%s)',
    (type) => {
      for (const whole of [jpeg(9, 9), png(), gif(2), webp(0, 9, 9)])
        for (let end = 0; end < whole.length; end++) factsOf(type, whole.slice(0, end));
      expect(factsOf(type, new Uint8Array(5)).width).toBe(0);
    },
  );
});
