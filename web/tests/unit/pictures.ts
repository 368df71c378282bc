// Small files of many kinds, byte by byte.
import { crc32, deflateSync } from 'node:zlib';

const bytes = (...parts: (string | readonly number[] | Uint8Array)[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    Buffer.concat(
      parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
    ),
  );

const big = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
const little = (value: number, length: number): number[] =>
  Array.from({ length }, (_, at) => (value >>> (8 * at)) & 0xff);

const chunk = (name: string, data: Uint8Array): Uint8Array => {
  const body = bytes(name, data);
  return bytes(big(data.length), body, big(crc32(body)));
};

interface PngOf {
  width?: number;
  height?: number;
  /** 0 grey, 2 colours, 6 colours that may be seen through. */
  colour?: number;
  before?: Uint8Array[];
  pixels?: Uint8Array;
}

export const png = ({ width = 3, height = 2, colour = 2, before = [], pixels }: PngOf = {}) =>
  bytes(
    '\x89PNG\r\n\x1a\n',
    chunk('IHDR', bytes(big(width), big(height), [8, colour, 0, 0, 0])),
    ...before,
    chunk('IDAT', pixels ?? deflateSync(new Uint8Array((1 + 3 * width) * height))),
    chunk('IEND', new Uint8Array()),
  );
export const moving = chunk('acTL', bytes(big(2), big(0)));
export const seenThrough = chunk('tRNS', bytes([0, 0, 0, 0, 0, 0]));

export const jpeg = (width: number, height: number) =>
  bytes(
    [0xff, 0xd8, 0xff, 0xe1, 0, 4, 9, 9, 0xff, 0xc0, 0, 11, 8],
    big(height).slice(2),
    big(width).slice(2),
    [1, 1, 0x11, 0],
  );

const frame = [0x2c, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
export const gif = (frames: number) =>
  bytes(
    'GIF89a',
    little(2, 2),
    little(1, 2),
    [0x80, 0, 0],
    [0, 0, 0, 255, 255, 255],
    ...Array.from({ length: frames }, () => frame),
    [0x3b],
  );

export const webp = (flags: number, width: number, height: number) =>
  bytes(
    'RIFF',
    little(22, 4),
    'WEBPVP8X',
    little(10, 4),
    [flags, 0, 0, 0],
    little(width - 1, 3),
    little(height - 1, 3),
  );

export const boxed = (brand: string) => bytes(big(24), 'ftyp', brand, big(0), 'isom', brand);

export const text = (words: string) => bytes(new TextEncoder().encode(words));
export { bytes };
