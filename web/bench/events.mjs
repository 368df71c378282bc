import { freshWindow } from './chromium.mjs';
import { ask } from './system.mjs';

const PER_SECOND = 50;
const SECONDS = 10;
/** Customers who text, the open thread's among them. */
const CUSTOMERS = 30;

/** Texts come in by the simulator while somebody has the list and a thread open; the median run of three. */
export async function eventsWhileReading(browser, system, cookie) {
  const runs = [];
  for (let i = 0; i < 3; i++) runs.push(await once(browser, system, cookie));
  return runs.sort((a, b) => a.longest - b.longest)[1];
}

async function once(browser, system, cookie) {
  const { conversations } = await ask(system, cookie, '/api/conversations?limit=100');
  const texting = conversations.filter(({ channel, consent }) => channel === 'sms' && consent === 'open');
  const { context, page } = await freshWindow(browser, system, cookie);
  await page.goto(`${system.url}/conversations/${texting[0].id}`);
  await page.waitForSelector('[role=log] article');
  await page.waitForTimeout(2000);
  await page.evaluate(watch);
  const feed = await listen(system, cookie);
  const begun = Date.now();
  await text(system, texting.slice(0, CUSTOMERS));
  const rate = Math.round((feed.events / (Date.now() - begun)) * 1000);
  feed.stop();
  const tasks = await page.evaluate(() => globalThis.tasks);
  await context.close();
  return { rate, longest: Math.max(0, ...tasks), long: tasks.length };
}

/** In the page: the browser reports tasks from 50 ms on. */
function watch() {
  globalThis.tasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) if (duration > 50) globalThis.tasks.push(duration);
  }).observe({ type: 'longtask' });
}

async function text(system, customers) {
  const sent = [];
  for (let i = 0; i < PER_SECOND * SECONDS; i++) {
    const body = JSON.stringify({
      from: customers[i % customers.length].contact,
      to: system.line,
      body: `${i}. There is water under the heater again, could somebody come and look at it today?`,
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    sent.push(fetch(`${system.simulator_url}/simulator/texts`, init).then((answer) => answer.ok));
    await new Promise((resolve) => setTimeout(resolve, 1000 / PER_SECOND));
  }
  if ((await Promise.all(sent)).includes(false)) throw new Error('the simulator refused a text');
}

/** Counts what the live feed tells a window. */
async function listen(system, cookie) {
  const stop = new AbortController();
  const answer = await fetch(`${system.url}/api/live`, { headers: { cookie }, signal: stop.signal });
  const feed = { events: 0, stop: () => stop.abort() };
  const count = async () => {
    const text = new TextDecoder();
    for await (const bytes of answer.body)
      feed.events +=
        text.decode(bytes, { stream: true }).match(/^event: ?(message|conversation)/gm)?.length ?? 0;
  };
  count().catch(() => undefined); // ends when we stop listening
  return feed;
}
