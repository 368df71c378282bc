// The installed app: it starts without a connection, it is never pulled from under whoever writes, it keeps nothing of a
// person, and it says what a device does not let it do.
import type { BrowserContext, CDPSession, Page } from '@playwright/test';

import { accessible, composer, expect, laidOut, rows, signIn } from './inbox';
import { buildOf, HTML, kept, PHONE, settle, test } from './front';

/** All that the worker keeps, by path. */
const files = (page: Page) =>
  page.evaluate(async () => {
    const caching = (await caches.keys()).map(async (name) => (await caches.open(name)).keys());
    return (await Promise.all(caching)).flat().map(({ url }) => new URL(url).pathname);
  });

const OURS = /^\/(assets\/.+|index\.html|favicon\.svg|manifest\.webmanifest|build)$/;

/** Of how many people this device keeps what they read. */
const people = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((tell) => {
        const open = indexedDB.open('porchlight.kept');
        open.onerror = () => tell(0);
        open.onsuccess = () => {
          const db = open.result;
          if (!db.objectStoreNames.contains('people')) return tell(0);
          const count = db.transaction('people').objectStore('people').count();
          count.onsuccess = () => (db.close(), tell(count.result));
        };
      }),
  );

/** Counts the times that a page is loaded, from now on. */
function loads(page: Page): () => number {
  let count = 0;
  page.on('domcontentloaded', () => count++);
  return () => count;
}

const offline = (page: Page) => page.getByRole('heading', { name: 'Offline: our server cannot be reached' });
const note = (page: Page) => page.getByText('A new version is ready. Your drafts are kept.');
const tabs = (page: Page) => page.getByRole('navigation', { name: 'Main' });

/** Chromium here has no icon to put a number on. */
const BADGE = () => {
  const say = (n: number) => {
    localStorage.setItem('badge', String(n));
    return Promise.resolve();
  };
  Object.assign(Navigator.prototype, { setAppBadge: say, clearAppBadge: () => say(0) });
};
const badge = (page: Page) => page.evaluate(() => Number(localStorage.getItem('badge')));

async function devtools(context: BrowserContext, page: Page): Promise<CDPSession> {
  return context.newCDPSession(page);
}

test('the app can be installed, and its files are served as what they are', async ({ context, front }) => {
  const page = await context.newPage();
  await signIn(page);
  const session = await devtools(context, page);
  const { errors, data } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  const mattering = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito');
  expect(mattering).toEqual([]);

  const { icons, screenshots, shortcuts, start_url } = JSON.parse(data!) as Record<string, { src: string }[]>;
  for (const { src } of [...icons!, ...screenshots!, { src: '/apple-touch-icon.png' }])
    expect((await page.request.get(front.url + src)).headers()['content-type'], src).toMatch(
      src.endsWith('.svg') ? 'image/svg+xml' : 'image/png',
    );
  for (const { url } of [...(shortcuts as unknown as { url: string }[]), { url: String(start_url) }]) {
    await page.goto(url);
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(/does not exist/);
  }
  for (const [path, type] of [
    ['/sw.js', 'javascript'],
    ['/manifest.webmanifest', 'application/manifest+json'],
  ] as const) {
    const headers = (await page.request.get(front.url + path)).headers();
    expect(headers['content-type']).toContain(type);
    expect(headers['cache-control']).toBe('no-cache');
  }
  expect((await page.request.get(`${front.url}/assets/none-0.js`)).status()).toBe(404);
});

test('on a phone it starts without a server, goes on by itself, and leaves nothing behind at sign-out', async ({
  browser,
  front,
  watched,
  wrong,
}) => {
  const context = await browser.newContext({ ...PHONE, baseURL: front.url, serviceWorkers: 'allow' });
  await watched(context, wrong);
  await context.addInitScript(BADGE);
  let page = await context.newPage();
  await signIn(page);
  await settle(page);
  const me = await page.evaluate(async () => (await (await fetch('/api/me')).json()) as { id: string });

  // The tabs, and the number on them and on the icon.
  await expect(tabs(page).getByRole('link')).toHaveText([/Conversations/, /Team/, /Jobs/, /Me/]);
  const count = tabs(page).getByTestId('unread-badge');
  const unread = (await count.count()) > 0 ? Number.parseInt(await count.innerText(), 10) : 0;
  await expect.poll(() => badge(page)).toBe(unread);
  await tabs(page).getByRole('link', { name: 'Me' }).click();
  await expect(page.getByText('Starts without a connection')).toBeVisible();
  await expect(page.getByRole('region', { name: 'This app' })).toContainText('Yes');
  expect((await files(page)).filter((path) => !OURS.test(path))).toEqual([]);

  // A start from nothing, on a slow phone, and nobody answers.
  await expect.poll(() => people(page)).toBe(1);
  await front.stop();
  await page.close();
  page = await context.newPage();
  const slow = await devtools(context, page);
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.goto('/conversations');
  // What was read is there, and says as of when.
  await expect(rows(page).first()).toBeVisible();
  await expect(page.getByText(/^Offline – as of \d/)).toBeVisible();
  const painted = await page.evaluate(
    () =>
      new Promise<number>((tell) =>
        new PerformanceObserver((list) => tell(list.getEntries().at(-1)!.startTime)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        }),
      ),
  );
  console.log(`offline start, 4x CPU: ${Math.round(painted)} ms`);
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  expect(await badge(page), 'what was unread still is').toBe(unread);
  await accessible(page);

  // It mends itself.
  const again = loads(page);
  await front.start();
  await expect(page.getByText(/^Offline – as of \d/)).toBeHidden({ timeout: 60_000 });
  expect(again()).toBe(0);

  await tabs(page).getByRole('link', { name: 'Me' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Email')).toBeVisible();
  expect(await badge(page)).toBe(0);
  expect((await files(page)).filter((path) => !OURS.test(path))).toEqual([]);
  const stored = await page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
  expect(stored).not.toContain(me.id);
  expect(await people(page), 'nothing that was read is left').toBe(0);
  await front.stop();
  await page.reload();
  await expect(offline(page)).toBeVisible();
  await front.start();
  await context.close();
});

test('a release waits for whoever writes; older tabs go on; each is loaded again when it is asked', async ({
  context,
  front,
}) => {
  const writer = await context.newPage();
  await signIn(writer);
  await settle(writer);
  const [first, second] = [await buildOf(writer), 'c0ffee000002'];
  await rows(writer).getByRole('link').first().click();
  await composer(writer).fill('We come by at');
  const reader = await context.newPage();
  await reader.goto('/conversations');
  await expect(rows(reader).first()).toBeVisible();
  const [written, read] = [loads(writer), loads(reader)];

  // The new release, and with it the parts of the old one are gone.
  const parts = (await files(writer)).filter((path) => path.startsWith('/assets/'));
  const gone = parts.filter((path) => /\/(MePage|NewConversation)/.test(path));
  expect(gone.length).toBeGreaterThan(1);
  await front.release(second);
  for (const path of gone) front.answers.set(path, { status: 404, type: 'application/json', body: '{}' });
  await writer.bringToFront();
  await composer(writer).focus();
  await writer.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  await expect(note(writer)).toBeVisible();
  await expect(note(reader)).toBeVisible();
  await accessible(writer);

  // Nothing moved under the hand that writes.
  await expect(composer(writer)).toBeFocused();
  await composer(writer).press('End');
  await writer.keyboard.type(' four');
  await expect(composer(writer)).toHaveValue('We come by at four');
  expect([await buildOf(writer), written(), read()]).toEqual([first, 0, 0]);

  // A tab of the old release opens what it has not opened before.
  await tabs(reader).getByRole('link', { name: /^Me/ }).click();
  await expect(reader.getByRole('button', { name: 'Sign out' })).toBeVisible();

  // A page in the place of a script is neither run nor kept.
  front.answers.set('/assets/lost-0.js', { type: HTML, body: '<p>Sign in to this network</p>' });
  const lost = await reader.evaluate(async () => (await fetch('/assets/lost-0.js')).status);
  expect(lost).toBe(404);
  expect(await files(reader)).not.toContain('/assets/lost-0.js');

  // Asked for, it is taken, here and nowhere else; what was written is there.
  await writer.getByRole('button', { name: 'Update' }).click();
  await expect.poll(() => buildOf(writer).catch(() => null)).toBe(second);
  await expect(composer(writer)).toHaveValue('We come by at four');
  await expect(note(writer)).toHaveCount(0);
  expect([written(), read(), await buildOf(reader)]).toEqual([1, 0, first]);

  // Not asked for, it is there with the next start.
  const next = await context.newPage();
  await next.goto('/conversations');
  expect(await buildOf(next)).toBe(second);
  await expect(rows(next).first()).toBeVisible();
  expect(written()).toBe(1);
  await composer(writer).fill('');
});

test('for a part that is nowhere any more the page is loaded once, and then says so', async ({
  context,
  front,
}) => {
  const page = await context.newPage();
  await signIn(page);
  await settle(page);
  const part = (await files(page)).find((path) => /\/MePage.*js$/.test(path))!;
  await page.evaluate(async (path) => {
    for (const name of await caches.keys()) await (await caches.open(name)).delete(path);
  }, part);
  await (await devtools(context, page)).send('Network.clearBrowserCache');
  const count = loads(page);
  // A captive network answers everything with its own page.
  front.answers.set(part, { type: HTML, body: '<p>Sign in to this network</p>' });
  await tabs(page).getByRole('link', { name: /^Me/ }).click();
  await expect(page.getByText('A part of this page is no longer on our server.')).toBeVisible({
    timeout: 30_000,
  });
  expect(count()).toBe(1);
  expect(await files(page)).not.toContain(part);
  // It is back: so is the page.
  front.answers.delete(part);
  await page.getByRole('button', { name: 'Load again' }).click();
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  // One wrong answer costs nobody the start without a connection.
  await expect.poll(() => files(page)).toContain(part);
  expect(await kept(page)).toBe(await buildOf(page));
});

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

test('Me says how this device gets the app, and what it cannot do', async ({ windowOf }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const iphone = await windowOf('technician', { ...PHONE, userAgent: IPHONE, colorScheme });
    await tabs(iphone).getByRole('link', { name: 'Me' }).click();
    const card = iphone.getByRole('region', { name: 'This app' });
    await expect(card).toContainText('Add to Home Screen');
    await expect(card).toContainText('sends nothing while the app is closed');
    await expect(card.getByRole('button')).toHaveCount(0);
    await laidOut(iphone);
    await accessible(iphone);
  }
  const android = await windowOf('technician', PHONE);
  await tabs(android).getByRole('link', { name: 'Me' }).click();
  await expect(android.getByRole('region', { name: 'This app' })).toContainText('In the browser');
  await android.evaluate(() => {
    const offer = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
      prompt: () => {
        document.title = 'asked';
        return Promise.resolve({ outcome: 'accepted' });
      },
    });
    dispatchEvent(offer);
  });
  await android.getByRole('button', { name: 'Install' }).click();
  await expect(android).toHaveTitle('asked');
  await expect(android.getByRole('button', { name: 'Install' })).toHaveCount(0);
});
