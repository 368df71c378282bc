// What leaves the browser, looked at before it does: each file that is posted by a form is kept in the page.
import type { Page } from '@playwright/test';

import { expect } from './inbox';

interface Posted {
  name: string;
  type: string;
  size: number;
  /** As people see it; zero for what is no picture. */
  width: number;
  height: number;
  /** Means of the four quarters, left to right and top to bottom: red, green, blue, how much is seen. */
  quarters: number[][];
  /** The first bytes, as Latin letters. */
  head: string;
}

interface Window {
  posted: Blob[];
  /** While set, forms wait. */
  held: Promise<void> | null;
  let: () => void;
}

/** Keeps what is posted from now on; to be called before the page is loaded. */
export const watchForms = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const own = globalThis as unknown as Window;
    own.posted = [];
    own.held = null;
    const send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.send = function (body) {
      const file = body instanceof FormData ? body.get('file') : null;
      if (file instanceof Blob) own.posted.push(file);
      if (own.held) void own.held.then(() => send.call(this, body ?? null));
      else send.call(this, body ?? null);
    };
  });

/** Forms wait until `letGo`. */
export const holdForms = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const own = globalThis as unknown as Window;
    own.held = new Promise((resolve) => (own.let = resolve));
  });

export const letGo = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const own = globalThis as unknown as Window;
    own.let();
    own.held = null;
  });

/** The file that was posted as the n-th, from 0; without looking at its pixels, if so wished. */
export async function postedAt(page: Page, n: number, looking = true): Promise<Posted> {
  await expect
    .poll(() => page.evaluate(() => (globalThis as unknown as Window).posted.length), { timeout: 30_000 })
    .toBeGreaterThan(n);
  return page.evaluate(
    async ([at, looking]) => {
      const blob = (globalThis as unknown as Window).posted[at]!;
      const bytes = new Uint8Array(await blob.slice(0, 200_000).arrayBuffer());
      const head = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
      const told = { name: (blob as File).name ?? '', type: blob.type, size: blob.size, head };
      if (!looking || blob.size > 6_000_000) return { ...told, width: 0, height: 0, quarters: [] };
      const bitmap = await createImageBitmap(blob).catch(() => null);
      if (!bitmap) return { ...told, width: 0, height: 0, quarters: [] };
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const [w, h] = [bitmap.width >> 1, bitmap.height >> 1];
      const quarters = [
        [0, 0],
        [w, 0],
        [0, h],
        [w, h],
      ].map(([x, y]) => {
        // Away from the edges, where quarters meet.
        const { data } = context.getImageData(x! + (w >> 2), y! + (h >> 2), w >> 1, h >> 1);
        const sums = [0, 0, 0, 0];
        data.forEach((value, i) => (sums[i % 4]! += value));
        return sums.map((sum) => Math.round((sum * 4) / data.length));
      });
      return { ...told, width: bitmap.width, height: bitmap.height, quarters };
    },
    [n, looking] as const,
  );
}

/** A picture of four quarters under noise, so that no compression makes it small. */
export async function quartered(page: Page, width: number, height: number, type: string): Promise<Buffer> {
  const text = await page.evaluate(
    async ([width, height, type]) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d')!;
      const image = context.createImageData(width, height);
      const noise = new Uint8Array(width * height);
      for (let i = 0; i < noise.length; i += 65_536) crypto.getRandomValues(noise.subarray(i, i + 65_536));
      const colours = [
        [180, 60, 60],
        [60, 180, 60],
        [60, 60, 180],
        [180, 180, 60],
      ];
      for (let i = 0; i < noise.length; i++) {
        const quarter = Number(i % width >= width / 2) + 2 * Number(i >= (width * height) / 2);
        for (let at = 0; at < 3; at++)
          image.data[4 * i + at] = colours[quarter]![at]! + (((noise[i]! * (at + 3)) & 127) - 64);
        image.data[4 * i + 3] = 255;
      }
      context.putImageData(image, 0, 0);
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type, quality: 0.97 })).arrayBuffer());
      let text = '';
      for (let i = 0; i < bytes.length; i += 8192)
        text += String.fromCharCode(...bytes.subarray(i, i + 8192));
      return btoa(text);
    },
    [width, height, type] as const,
  );
  return Buffer.from(text, 'base64');
}
