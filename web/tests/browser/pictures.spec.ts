// What a picture is when it leaves: the same one, upright, silent about where it was taken; or the file as it was, with a
// word about it. A blank one never leaves.
import type { Locator, Page } from '@playwright/test';
import { crc32, deflateSync } from 'node:zlib';

import { expect, open, signIn, test } from './inbox';
import { postedAt, quartered, watchForms } from './sent';

const [RED, GREEN, BLUE, YELLOW] = [
  [180, 60, 60],
  [60, 180, 60],
  [60, 60, 180],
  [180, 180, 60],
];
const TEXT = 5_000_000;

const big = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const chunk = (name: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name), data]);
  return Buffer.concat([big(data.length), body, big(crc32(body))]);
};

/** The picture with something put into it after its first bytes. */
const padded = (png: Buffer, size: number): Buffer =>
  Buffer.concat([png.subarray(0, 33), chunk('pAdd', Buffer.alloc(size)), png.subarray(33)]);

/** The photo with remarks after its first bytes, until it is too large for a text. */
function heavy(jpeg: Buffer): Buffer {
  const remark = Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), Buffer.alloc(65_533, 65)]);
  return Buffer.concat([jpeg.subarray(0, 2), ...Array.from({ length: 77 }, () => remark), jpeg.subarray(2)]);
}

/** A JPEG that is to be turned to the right, and tells where it was taken. */
function marked(jpeg: Buffer, orientation: number): Buffer {
  const tiff = Buffer.concat([
    Buffer.from('MM\0*'),
    big(8),
    Buffer.from([0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]),
    big(0),
    Buffer.from('GPS 43.66N 70.25W, Ana’s phone'),
  ]);
  const exif = Buffer.concat([Buffer.from('Exif\0\0'), tiff]);
  const length = exif.length + 2;
  return Buffer.concat([
    jpeg.subarray(0, 2),
    Buffer.from([0xff, 0xe1, length >> 8, length & 0xff]),
    exif,
    jpeg.subarray(2),
  ]);
}

const near = (quarter: number[] | undefined, colour: number[] | undefined): void => {
  for (const at of [0, 1, 2]) expect(Math.abs(quarter![at]! - colour![at]!)).toBeLessThan(14);
};

const panelOf = (page: Page): Locator => page.getByRole('dialog', { name: 'Attach to this text' });

async function attach(page: Page, name: string, buffer: Buffer): Promise<void> {
  const panel = panelOf(page);
  if (!(await panel.isVisible())) await page.getByRole('button', { name: 'Attach a file' }).click();
  await panel
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
}

const line = (page: Page, name: string): Locator =>
  panelOf(page).getByRole('listitem').filter({ hasText: name });
const ready = (page: Page, name: string): Promise<void> =>
  expect(line(page, name)).toContainText(/ready|private link/, { timeout: 45_000 });

/** Out of the message again, so that the next one has the whole room. */
async function takeOut(page: Page): Promise<void> {
  await panelOf(page)
    .getByRole('button', { name: /^(Remove|Cancel) / })
    .click();
  await expect(panelOf(page).getByRole('listitem')).toHaveCount(0);
}

async function begin(page: Page): Promise<void> {
  await watchForms(page);
  await signIn(page);
  await open(page, 'Maria Delgado');
}

test.setTimeout(150_000);

test('a picture that is too large, or of a type that texts do not carry, leaves as the same picture', async ({
  page,
}) => {
  await begin(page);

  await test.step('upright, without a word of where it was taken', async () => {
    await attach(page, 'valve.jpg', heavy(marked(await quartered(page, 2400, 1800, 'image/jpeg'), 6)));
    const sent = await postedAt(page, 0);
    expect([sent.type, sent.size < TEXT]).toEqual(['image/jpeg', true]);
    // Turned: what was left is above now.
    expect([sent.width, sent.height]).toEqual([1536, 2048]);
    [BLUE, RED, YELLOW, GREEN].forEach((colour, at) => near(sent.quarters[at], colour));
    expect(sent.head).not.toMatch(/Exif|GPS|Ana|AAAA/);
    await ready(page, 'valve.jpg');
    await expect(line(page, 'valve.jpg')).toContainText(/MB → [\d.]+ (MB|kB)/);
    await takeOut(page);
  });

  await test.step('never larger, and what may be seen through stays so', async () => {
    const clear = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(600, 400);
      const context = canvas.getContext('2d')!;
      context.fillStyle = '#b43c3c';
      context.fillRect(300, 0, 300, 400);
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
      return Array.from(bytes);
    });
    await attach(page, 'logo.png', padded(Buffer.from(clear), TEXT));
    const sent = await postedAt(page, 1);
    expect([sent.type, sent.width, sent.height]).toEqual(['image/png', 600, 400]);
    expect(sent.quarters.map(([, , , seen]) => seen)).toEqual([0, 255, 0, 255]);
    await takeOut(page);
  });

  await test.step('or stands on white, where it would be too large even so', async () => {
    const noisy = await page.evaluate(async () => {
      const [width, height] = [2600, 2000];
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d')!;
      const image = context.createImageData(width, height);
      const pixels = image.data;
      for (let i = 0; i < pixels.length; i += 65_536) crypto.getRandomValues(pixels.subarray(i, i + 65_536));
      for (let i = 0; i < pixels.length; i += 4) pixels[i + 3] = (i / 4) % width < width / 2 ? 0 : 255;
      context.putImageData(image, 0, 0);
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
      let text = '';
      for (let i = 0; i < bytes.length; i += 8192)
        text += String.fromCharCode(...bytes.subarray(i, i + 8192));
      return btoa(text);
    });
    await attach(page, 'sticker.png', Buffer.from(noisy, 'base64'));
    const sent = await postedAt(page, 2);
    expect(sent.size).toBeLessThan(TEXT);
    const [left] = sent.quarters;
    if (sent.type === 'image/png') expect(left![3]).toBe(0);
    else near(left, [255, 255, 255]);
    await takeOut(page);
  });

  await test.step('under the name of its new form', async () => {
    await attach(page, 'roof.webp', await quartered(page, 500, 400, 'image/webp'));
    const sent = await postedAt(page, 3);
    expect([sent.type, sent.width, sent.height]).toEqual(['image/jpeg', 500, 400]);
    [RED, GREEN, BLUE, YELLOW].forEach((colour, at) => near(sent.quarters[at], colour));
    await ready(page, 'roof.jpg');
  });
});

test('a picture that fits, moves, or cannot be read leaves as it is, and so is said', async ({ page }) => {
  await begin(page);

  await test.step('it fits', async () => {
    const jpeg = await quartered(page, 400, 300, 'image/jpeg');
    await attach(page, 'small.jpg', jpeg);
    expect((await postedAt(page, 0)).size).toBe(jpeg.length);
    await takeOut(page);
  });

  await test.step('it moves', async () => {
    const frame = [0x2c, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
    const piece = Buffer.concat([Buffer.from([255]), Buffer.alloc(255, 65)]);
    const gif = Buffer.concat([
      Buffer.from('GIF89a'),
      Buffer.from([2, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x21, 0xfe]),
      ...Array.from({ length: 20_000 }, () => piece),
      Buffer.from([0, ...frame, ...frame, 0x3b]),
    ]);
    await attach(page, 'drip.gif', gif);
    expect((await postedAt(page, 1)).size).toBe(gif.length);
    await ready(page, 'drip.gif');
    await expect(line(page, 'drip.gif')).toContainText('It moves; made smaller it would stand still.');
    await takeOut(page);
  });

  await test.step('it has thirty thousand pixels each way, which bring nothing to a halt', async () => {
    const png = Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      chunk('IHDR', Buffer.concat([big(30_000), big(30_000), Buffer.from([1, 0, 0, 0, 0])])),
      chunk('IDAT', deflateSync(Buffer.alloc(3751 * 30_000), { level: 1 })),
      chunk('IEND', Buffer.alloc(0)),
    ]);
    const large = padded(png, TEXT);
    await attach(page, 'plan.png', large);
    const began = Date.now();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    expect(Date.now() - began).toBeLessThan(5000);
    expect((await postedAt(page, 2)).size).toBe(large.length);
    await expect(line(page, 'plan.png')).toContainText('could not be made smaller here');
    await expect(line(page, 'plan.png').locator('img')).toHaveCount(0);
    await takeOut(page);
  });

  await test.step('it is torn', async () => {
    const jpeg = await quartered(page, 400, 300, 'image/jpeg');
    const torn = Buffer.concat([jpeg.subarray(0, 1000), Buffer.alloc(TEXT, 0x55)]);
    await attach(page, 'torn.jpg', torn);
    expect((await postedAt(page, 3)).size).toBe(torn.length);
    await expect(line(page, 'torn.jpg')).toContainText('could not be made smaller here');
  });
});

/** What goes wrong with a device's drawing; each is mended by the function that it hands back. */
const breaks: [what: string, breaks: () => void][] = [
  [
    'draws nothing',
    () => {
      CanvasRenderingContext2D.prototype.drawImage = () => undefined;
    },
  ],
  [
    'draws half',
    () => {
      const draw = CanvasRenderingContext2D.prototype.drawImage as (...args: unknown[]) => void;
      CanvasRenderingContext2D.prototype.drawImage = function (
        this: CanvasRenderingContext2D,
        ...args: unknown[]
      ) {
        draw.apply(this, args);
        const { width, height } = this.canvas;
        if (height > 100) this.clearRect(0, height / 2, width, height);
      } as typeof CanvasRenderingContext2D.prototype.drawImage;
    },
  ],
  [
    'gives no file',
    () => {
      HTMLCanvasElement.prototype.toBlob = (tell) => tell(null);
    },
  ],
  [
    'hides what it draws',
    () => {
      CanvasRenderingContext2D.prototype.getImageData = (_x, _y, w, h) =>
        new ImageData(new Uint8ClampedArray(4 * w * h).fill(255), w, h);
    },
  ],
];

test('where a device cannot make it smaller, a photo leaves as it was, and never blank', async ({ page }) => {
  await begin(page);
  const jpeg = heavy(await quartered(page, 400, 300, 'image/jpeg'));
  await page.evaluate(() => {
    const [canvas, context] = [HTMLCanvasElement.prototype, CanvasRenderingContext2D.prototype];
    const [toBlob, drawImage, getImageData] = [canvas.toBlob, context.drawImage, context.getImageData];
    Object.assign(globalThis, {
      mend: () => {
        canvas.toBlob = toBlob;
        Object.assign(context, { drawImage, getImageData });
      },
    });
  });
  for (const [at, [what, spoil]] of breaks.entries())
    await test.step(`it ${what}`, async () => {
      await page.evaluate(spoil);
      await attach(page, 'valve.jpg', jpeg);
      expect((await postedAt(page, at, false)).size).toBe(jpeg.length);
      await ready(page, 'valve.jpg');
      await expect(line(page, 'valve.jpg')).toContainText('could not be made smaller here');
      await takeOut(page);
      await page.evaluate(() => (globalThis as unknown as { mend: () => void }).mend());
    });
});
