import { connect, createServer } from 'node:net';

import { freshWindow } from './chromium.mjs';
import { median } from './report.mjs';

const TIMES = 5;

/** When the largest thing of the first screen was painted, on a slow phone's processor, with nobody who answers. */
export async function offlineStart(browser, system, cookie) {
  const line = await lineTo(new URL(system.url));
  const { context, page } = await freshWindow(browser, { ...system, url: line.url }, cookie);
  await page.goto(`${line.url}/conversations`);
  // The worker is there once it has every file.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.close();
  line.cut();
  const times = [];
  for (let i = 0; i < TIMES; i++) times.push(await startOnce(context, line.url));
  await context.close();
  return { median: median(times), worst: Math.max(...times) };
}

/** From nothing: a window that was closed, on a browser that runs. */
async function startOnce(context, url) {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.goto(`${url}/conversations`);
  await page.waitForSelector('[role=alert] h2');
  const time = await page.evaluate(
    () =>
      new Promise((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        });
      }),
  );
  await page.close();
  return time;
}

/** An address of its own that leads to the system until it is cut. */
async function lineTo({ hostname, port }) {
  const sockets = new Set();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, cut };
}
