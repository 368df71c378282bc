// A photo as customers send them, drawn here: a water heater against a wall.
import { crc32, deflateSync } from 'node:zlib';

const [WIDTH, HEIGHT] = [350, 192];
/** What is drawn over what: left, top, width, height, colour. */
const SHAPES = [
  [0, 0, WIDTH, HEIGHT, 0x8d8577],
  [0, 140, WIDTH, 52, 0x6e675c],
  [135, 25, 82, 130, 0xd5d8dc],
  [160, 55, 32, 44, 0xffffff],
  [165, 158, 100, 16, 0x5c5e5d],
];

function pixels() {
  // Each line begins with its filter: none.
  const bytes = Buffer.alloc(HEIGHT * (1 + 3 * WIDTH));
  for (const [left, top, width, height, colour] of SHAPES)
    for (let y = top; y < top + height; y++)
      for (let x = left; x < left + width; x++) bytes.writeUIntBE(colour, y * (1 + 3 * WIDTH) + 1 + 3 * x, 3);
  return bytes;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

const header = Buffer.alloc(13);
header.writeUInt32BE(WIDTH, 0);
header.writeUInt32BE(HEIGHT, 4);
// Eight bits a channel, three channels.
header.set([8, 2], 8);

export const PHOTO = Buffer.concat([
  Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  chunk('IHDR', header),
  chunk('IDAT', deflateSync(pixels())),
  chunk('IEND', Buffer.alloc(0)),
]);
