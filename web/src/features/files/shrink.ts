// A picture made small enough for a text: upright, without marks of place, device and owner, and the same picture. What
// this device cannot do it says; a blank or half picture never comes out of here (RULES, Files).
import { MOST_PIXELS } from '../thread/files';
import type { PictureFacts } from './header';

/** The longest side, from what is sharp on any phone downwards. */
const SIDES = [2048, 1600, 1200, 900, 640];
const QUALITIES = [0.86, 0.72];
/** Probes across and down. */
const GRID = 24;

export interface Shrunk {
  blob: Blob;
  width: number;
  height: number;
}

/** Null: this device cannot, or what it made is not the picture. */
export async function shrink(file: Blob, facts: PictureFacts, room: number): Promise<Shrunk | null> {
  const pixels = facts.width * facts.height;
  if (pixels === 0 || pixels > MOST_PIXELS || !isHonest()) return null;
  let bitmap: ImageBitmap | undefined;
  try {
    // Turned as its mark says: what is drawn stands upright and needs none.
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    if (bitmap.width * bitmap.height > MOST_PIXELS) return null;
    return await fitted(bitmap, facts.alpha, room);
  } catch {
    return null;
  } finally {
    bitmap?.close();
  }
}

/** The largest that fits. */
async function fitted(bitmap: ImageBitmap, alpha: boolean, room: number): Promise<Shrunk | null> {
  const longest = Math.max(bitmap.width, bitmap.height);
  // As large as it is where that is less; never larger.
  for (const side of [
    Math.min(longest, SIDES[0]!),
    ...SIDES.filter((side) => side < Math.min(longest, SIDES[0]!)),
  ]) {
    const canvas = drawn(bitmap, Math.min(1, side / longest));
    if (!canvas || !shows(canvas, alpha)) return null;
    const blob = await encoded(canvas, alpha, room);
    if (blob) return { blob, width: canvas.width, height: canvas.height };
  }
  return null;
}

function drawn(bitmap: ImageBitmap, scale: number): HTMLCanvasElement | null {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** What may be seen through stays so where it fits; else it stands on white, as on a page. */
async function encoded(canvas: HTMLCanvasElement, alpha: boolean, room: number): Promise<Blob | null> {
  if (alpha) {
    const whole = await blobOf(canvas, 'image/png');
    if (whole && whole.size <= room) return whole;
    onWhite(canvas);
  }
  for (const quality of QUALITIES) {
    const blob = await blobOf(canvas, 'image/jpeg', quality);
    if (blob && blob.size <= room) return blob;
  }
  return null;
}

function onWhite(canvas: HTMLCanvasElement): void {
  const context = canvas.getContext('2d')!;
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
}

/** One of another type than was asked for is none: a browser gives PNG for what it cannot write. */
async function blobOf(canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob | null> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
  return blob && blob.size > 0 && blob.type === type ? blob : null;
}

/** Something is on it, everywhere where something must be. */
function shows(canvas: HTMLCanvasElement, alpha: boolean): boolean {
  const probes = [...probesOf(canvas)];
  const [first] = probes;
  const varied = probes.some((pixel) => pixel !== first);
  // Without a channel for it nothing can be seen through: what can was not drawn.
  const holes = probes.some((pixel) => pixel >>> 24 !== 255);
  return varied && (alpha || !holes);
}

/** Pixels over the whole of it, as one number each. */
function* probesOf(canvas: HTMLCanvasElement): Generator<number> {
  const small = document.createElement('canvas');
  small.width = small.height = GRID;
  const context = small.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(canvas, 0, 0, GRID, GRID);
  yield* new Uint32Array(context.getImageData(0, 0, GRID, GRID).data.buffer);
}

/** Some browsers hide what they draw from the page: they hand out noise, or white. */
function isHonest(): boolean {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 4;
  const context = canvas.getContext('2d');
  if (!context) return false;
  context.fillStyle = '#c83214';
  context.fillRect(0, 0, 4, 4);
  const { data } = context.getImageData(0, 0, 4, 4);
  return [200, 50, 20, 255].every((value, at) => data[at] === value && data[60 + at] === value);
}
