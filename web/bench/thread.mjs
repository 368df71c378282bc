import { freshWindow } from './chromium.mjs';
import { median } from './report.mjs';
import { ask, signIn } from './system.mjs';

const TIMES = 9;

/** From the click on a row until its newest message is painted, in a window that shows the list. */
export async function openLongThread(browser, system) {
  const cookie = await signIn(system);
  const { conversations } = await ask(system, cookie, '/api/conversations');
  const { id, seq } = conversations.reduce((most, one) => (one.seq > most.seq ? one : most));
  const { context, page } = await freshWindow(browser, system, cookie);
  const times = [];
  for (let i = 0; i < TIMES; i++) {
    await page.goto(`${system.url}/conversations`);
    const row = page.locator(`[data-id="${id}"]`);
    await row.waitFor();
    // A pointer is on some row before it clicks on one; the thread's code is fetched then, its messages are not.
    await row.hover();
    await page.waitForTimeout(500);
    await page.evaluate(watch);
    await row.click();
    times.push(await page.evaluate(() => globalThis.opened));
  }
  await context.close();
  return { messages: seq, median: median(times), worst: Math.max(...times) };
}

/** In the page: how long from the click until the frame with the messages has been painted. */
function watch() {
  globalThis.opened = new Promise((resolve) => {
    const painted = (since) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - since);
        port2.postMessage(null);
      });
    addEventListener(
      'click',
      ({ timeStamp }) => {
        const seen = () => document.querySelectorAll('[role=log] article').length > 3;
        new MutationObserver((_, observer) => {
          if (!seen()) return;
          observer.disconnect();
          painted(timeStamp);
        }).observe(document.body, { childList: true, subtree: true });
      },
      { capture: true, once: true },
    );
  });
}
