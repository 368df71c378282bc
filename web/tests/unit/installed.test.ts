// What decides how a device has the app, and whether a newer build is news.
import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { isIos, wayOf } from '../../src/app/device';
import { SURFACE } from '../../src/app/paint.svelte';
import { isNews } from '../../src/app/release.svelte';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36';
const told = (userAgent: string, platform: string, maxTouchPoints = 0) => ({
  userAgent,
  platform,
  maxTouchPoints,
});

const phone = told(`${IPHONE} Version/18.5 Mobile/15E148 Safari/604.1`, 'iPhone', 5);
const chromeOnIphone = told(`${IPHONE} CriOS/140.0 Mobile/15E148 Safari/604.1`, 'iPhone', 5);
const ipad = told(`${MAC} Version/18.5 Safari/605.1.15`, 'MacIntel', 5);
const mac = told(`${MAC} Version/18.5 Safari/605.1.15`, 'MacIntel');

it('an iPad says that it is a Mac, and is told apart by its fingers', () => {
  expect([phone, chromeOnIphone, ipad].map(isIos)).toEqual([true, true, true]);
  expect([mac, told(CHROME, 'Linux x86_64', 10)].map(isIos)).toEqual([false, false]);
});

it('each browser is told its own way, and who has the app none', () => {
  expect([phone, chromeOnIphone, ipad].map((one) => wayOf(one, false))).toEqual(['ios', 'ios', 'ios']);
  expect(wayOf(mac, false)).toBe('mac');
  expect(wayOf(told(`${MAC} Version/16.6 Safari/605.1.15`, 'MacIntel'), false)).toBe('none');
  expect(wayOf(told(CHROME, 'Linux x86_64'), false)).toBe('none');
  expect(
    wayOf(
      told(`${CHROME.replace('X11; Linux x86_64', 'Linux; Android 14')} Mobile`, 'Linux armv8l', 5),
      false,
    ),
  ).toBe('android');
  expect(wayOf({ ...phone, standalone: true }, false)).toBe('installed');
  expect(wayOf({ ...phone, standalone: false }, false)).toBe('ios');
  expect(wayOf(told(CHROME, 'Linux x86_64'), true)).toBe('installed');
});

it('a build is news when it is neither of this page nor what this page found when it began', () => {
  expect(isNews('two', 'one', 'one')).toBe(true);
  expect(isNews('one', 'one', null), 'this page, kept for the first time').toBe(false);
  expect(isNews('one', 'two', 'one'), 'a page from the server, newer than what is kept').toBe(false);
  expect(isNews('two', 'two', 'one'), 'and then kept').toBe(false);
  expect(isNews('three', 'two', 'one')).toBe(true);
  expect(isNews(null, 'one', 'one')).toBe(false);
});

const read = (file: string) => readFileSync(`${import.meta.dirname}/../../${file}`, 'utf8');

it('what is around the window has the colour of its surface', () => {
  const [, light, dark] = /--surface: light-dark\((#\w+), (#\w+)\)/.exec(read('src/styles/tokens.css'))!;
  expect(SURFACE).toEqual({ light, dark });
  for (const colour of [light, dark]) expect(read('index.html')).toContain(`content="${colour}"`);
});

it('every picture of the manifest is there, as large as it says', () => {
  const manifest = JSON.parse(read('public/manifest.webmanifest')) as {
    icons: { src: string; sizes: string; purpose?: string }[];
    screenshots: { src: string; sizes: string }[];
    shortcuts: { url: string; icons: { src: string; sizes: string }[] }[];
  };
  const sizeOf = (file: string) => {
    const bytes = readFileSync(`${import.meta.dirname}/../../${file}`);
    return `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;
  };
  const pictures = [...manifest.icons, ...manifest.shortcuts.flatMap(({ icons }) => icons)];
  for (const { src, sizes } of pictures)
    if (src.endsWith('.png')) expect(sizeOf(`public${src}`), src).toBe(sizes);
  expect(sizeOf('public/apple-touch-icon.png')).toBe('180x180');
  // The build takes them from the documents (build/worker.mjs).
  expect(manifest.screenshots.map(({ sizes }) => sizes)).toEqual([
    sizeOf('../docs/screens/list-phone-light.png'),
    sizeOf('../docs/screens/inbox-light.png'),
  ]);
  for (const size of ['192x192', '512x512'])
    expect(manifest.icons.filter(({ sizes }) => sizes === size).map(({ purpose }) => purpose)).toEqual([
      undefined,
      'maskable',
    ]);
});
