// What a picture's bytes say of it before anybody decodes it: a small file may hold more pixels than a machine has room.

export interface PictureFacts {
  /** As they lie in the file; a mark may turn them. Zero: not told. */
  width: number;
  height: number;
  /** Something of it may be seen through. */
  alpha: boolean;
  /** It moves: a still of it would be another picture. */
  moves: boolean;
}

const NOTHING: PictureFacts = { width: 0, height: 0, alpha: false, moves: false };

const text = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

/** What is known of the picture of this type. */
export function factsOf(type: string, bytes: Uint8Array): PictureFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (type === 'image/jpeg') return jpeg(view);
    if (type === 'image/png') return png(bytes, view);
    if (type === 'image/gif') return gif(bytes, view);
    if (type === 'image/webp') return webp(bytes, view);
    if (type === 'image/avif') return avif(bytes, view);
    if (type === 'image/bmp')
      return { ...NOTHING, width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
  } catch (cause) {
    // It ends before it has said what it must: nothing is known of it.
    if (!(cause instanceof RangeError)) throw cause;
  }
  return NOTHING;
}

/** Segments up to the one that opens the picture. */
function jpeg(view: DataView): PictureFacts {
  for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
    while (view.getUint8(at + 1) === 0xff) at++;
    const mark = view.getUint8(at + 1);
    const opens = mark >= 0xc0 && mark <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(mark);
    if (opens) return { ...NOTHING, height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
  }
}

function png(bytes: Uint8Array, view: DataView): PictureFacts {
  const facts = { ...NOTHING, width: view.getUint32(16), height: view.getUint32(20) };
  // Colours with a channel for what may be seen through.
  facts.alpha = [4, 6].includes(view.getUint8(25));
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const name = text(bytes, at + 4);
    if (name === 'tRNS') facts.alpha = true;
    if (name === 'acTL') facts.moves = true;
    if (name === 'IDAT') break;
  }
  return facts;
}

/** Counts its pictures, as far as two. */
function gif(bytes: Uint8Array, view: DataView): PictureFacts {
  const facts = { ...NOTHING, width: view.getUint16(6, true), height: view.getUint16(8, true) };
  const colours = (flags: number) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  let at = 13 + colours(view.getUint8(10));
  let pictures = 0;
  const pieces = () => {
    while (view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at++;
  };
  while (at < bytes.length && bytes[at] !== 0x3b) {
    const kind = view.getUint8(at);
    if (kind === 0x21) {
      if (view.getUint8(at + 1) === 0xf9 && view.getUint8(at + 3) & 1) facts.alpha = true;
      at += 2;
    } else if (kind === 0x2c) {
      if (++pictures > 1) return { ...facts, moves: true };
      at += 10 + colours(view.getUint8(at + 9)) + 1;
    } else break;
    pieces();
  }
  return facts;
}

/** The largest size that is told of in its boxes: there is one for each of its layers. */
function avif(bytes: Uint8Array, view: DataView): PictureFacts {
  const facts = { ...NOTHING, alpha: true, moves: text(bytes, 8) === 'avis' };
  const end = Math.min(bytes.length, 16_384) - 16;
  for (let at = 0; at < end; at++) {
    if (text(bytes, at) !== 'ispe') continue;
    facts.width = Math.max(facts.width, view.getUint32(at + 8));
    facts.height = Math.max(facts.height, view.getUint32(at + 12));
  }
  return facts;
}

function webp(bytes: Uint8Array, view: DataView): PictureFacts {
  const kind = text(bytes, 12);
  const three = (at: number) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
  if (kind === 'VP8X') {
    const flags = view.getUint8(20);
    const [alpha, moves] = [(flags & 0x10) > 0, (flags & 0x02) > 0];
    return { width: three(24) + 1, height: three(27) + 1, alpha, moves };
  }
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true);
    return {
      width: (bits & 0x3fff) + 1,
      height: ((bits >>> 14) & 0x3fff) + 1,
      alpha: (bits & 0x1000_0000) !== 0,
      moves: false,
    };
  }
  return {
    ...NOTHING,
    width: view.getUint16(26, true) & 0x3fff,
    height: view.getUint16(28, true) & 0x3fff,
  };
}
