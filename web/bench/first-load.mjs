import { spawnSync } from 'node:child_process';
import { get } from 'node:http';

import { freshWindow } from './chromium.mjs';
import { median } from './report.mjs';

const COUNTED = new Set(['Document', 'Script', 'Stylesheet', 'Font', 'Image', 'Manifest', 'Other']);
/** 1.6 Mbit/s. */
const BYTES_PER_SECOND = 200_000;
const TIMES = 5;

const ready = (page) => page.waitForSelector('.row[data-id]');

/**
 * What a first visit fetches besides the API's answers until 2 s after the list is drawn, so also what the window fetches by
 * itself then: each file's body, as a client that takes gzip gets it.
 */
export async function firstLoad(browser, system, cookie) {
  const { context, page, devtools } = await freshWindow(browser, system, cookie);
  await devtools.send('Network.enable');
  const files = new Set();
  devtools.on('Network.requestWillBeSent', ({ type, request }) => {
    const { pathname } = new URL(request.url);
    if (COUNTED.has(type) && !pathname.startsWith('/api/')) files.add(pathname);
  });
  await page.goto(`${system.url}/conversations`);
  await ready(page);
  await page.waitForTimeout(2000);
  await context.close();
  const sizes = await Promise.all([...files].map((path) => gzipped(system.url + path, cookie)));
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), requests: sizes.length };
}

/** What the list, and the list with an open thread, load: the figures of `npm run size`, which the promises are of. */
export function promised() {
  // It ends with 1 above its limits, which are this table's as well.
  const { stdout } = spawnSync('node', ['build/size.mjs'], { encoding: 'utf8' });
  const figures = stdout.matchAll(/^(first load|open thread) (\d+) bytes/gm);
  return Object.fromEntries([...figures].map(([, what, bytes]) => [what, Number(bytes)]));
}

/** Bytes of the body on the wire. */
function gzipped(url, cookie) {
  return new Promise((resolve, reject) => {
    get(url, { headers: { cookie, 'accept-encoding': 'gzip' } }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk) => (bytes += chunk.length)).on('end', () => resolve(bytes));
    }).on('error', reject);
  });
}

/** When the largest thing of the first screen was painted, on a slow phone's processor and line. */
export async function largestPaint(browser, system, cookie, { latency }) {
  const times = [];
  for (let i = 0; i < TIMES; i++) times.push(await paintOnce(browser, system, cookie, latency));
  return median(times);
}

async function paintOnce(browser, system, cookie, latency) {
  const { context, page, devtools } = await freshWindow(browser, system, cookie);
  await devtools.send('Network.enable');
  const speed = { downloadThroughput: BYTES_PER_SECOND, uploadThroughput: BYTES_PER_SECOND };
  await devtools.send('Network.emulateNetworkConditions', { offline: false, latency, ...speed });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.goto(`${system.url}/conversations`);
  await ready(page);
  await page.waitForTimeout(1000);
  const time = await page.evaluate(
    () =>
      new Promise((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        });
      }),
  );
  await context.close();
  return time;
}
