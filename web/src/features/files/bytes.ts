// What a file is, by its bytes: names and the types that come with them are only said (RULES, Files).

/** As much of a file as tells what it is. */
const HEAD = 4096;

const ascii = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length));

/** How files begin: at which byte, with what, and what they are then. */
const BEGINNINGS: [at: number, begins: string, type: string][] = [
  [0, '\xff\xd8\xff', 'image/jpeg'],
  [0, '\x89PNG\r\n\x1a\n', 'image/png'],
  [0, 'GIF87a', 'image/gif'],
  [0, 'GIF89a', 'image/gif'],
  [8, 'WEBP', 'image/webp'],
  [8, 'WAVE', 'audio/wav'],
  [0, 'II*\0', 'image/tiff'],
  [0, 'MM\0*', 'image/tiff'],
  [0, '%PDF-', 'application/pdf'],
  [0, '#!AMR', 'audio/amr'],
  [0, 'ID3', 'audio/mpeg'],
  [0, 'OggS', 'audio/ogg'],
  [0, 'fLaC', 'audio/flac'],
  [0, '\x1aE\xdf\xa3', 'video/webm'],
  [0, 'PK\x03\x04', 'application/zip'],
];

/** Files in boxes name their kind after “ftyp”. */
const BRANDS: [brand: RegExp, type: string][] = [
  [/^(hei[cxms]|hev[cxms]|mif1|msf1)/, 'image/heic'],
  [/^avi[fs]/, 'image/avif'],
  [/^qt/, 'video/quicktime'],
  [/^3g[2p]/, 'video/3gpp'],
  [/^M4[AB]/, 'audio/mp4'],
];

/** The type of a file; `application/octet-stream` for what cannot be told. */
export async function typeOf(file: Blob): Promise<string> {
  return typeOfBytes(new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
}

export function typeOfBytes(head: Uint8Array): string {
  if (ascii(head, 4, 4) === 'ftyp') return boxed(ascii(head, 8, 4));
  const known = BEGINNINGS.find(([at, begins]) => ascii(head, at, begins.length) === begins);
  if (known) return known[2];
  if (ascii(head, 0, 2) === 'BM' && head[14] === 40) return 'image/bmp';
  // A frame of MP3 without a title before it.
  if (head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2) return 'audio/mpeg';
  return written(head);
}

const boxed = (brand: string): string => BRANDS.find(([one]) => one.test(brand))?.[1] ?? 'video/mp4';

/** What is text, and whether it is somebody's card. */
function written(head: Uint8Array): string {
  if (head.length === 0 || head.includes(0)) return 'application/octet-stream';
  try {
    // The last sign may be cut.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return /^\s*BEGIN:VCARD\s/i.test(text) ? 'text/vcard' : 'text/plain';
  } catch {
    return 'application/octet-stream';
  }
}
