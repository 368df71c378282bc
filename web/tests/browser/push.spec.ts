// Pushes, in a real worker: DevTools delivers them, what is shown is asked of the browser, and a press is dispatched in the
// worker. The push service itself is not here: Chromium without Google's has none.
import type { BrowserContext, Page, Worker } from '@playwright/test';

import type { Device } from '../../src/api/types';
import { accessible, composer, expect, laidOut, open, picture, rowOf, signIn, test as base } from './inbox';
import { Somebody } from './office';

const test = base.extend({
  context: async ({ browser, watched, wrong }, use) => {
    const context = await browser.newContext({ serviceWorkers: 'allow', permissions: ['notifications'] });
    await watched(context, wrong);
    await use(context);
    await context.close();
  },
});

interface Shown {
  title: string;
  body: string;
  tag: string;
  /** How many messages it stands for. */
  count: number;
}

/** What the system would show, as the browser has it. */
const shown = (page: Page): Promise<Shown[]> =>
  page.evaluate(async () => {
    const all = await (await navigator.serviceWorker.ready).getNotifications();
    return all.map(({ title, body, tag, data }) => ({ title, body, tag, count: (data as Shown).count }));
  });

/** Waits for the worker, and until it knows who is signed in here. */
async function settle(page: Page): Promise<void> {
  const known = () =>
    page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      const request = indexedDB.open('porchlight.push');
      const db = await new Promise<IDBDatabase>((done) => (request.onsuccess = () => done(request.result)));
      const ask = db.objectStoreNames.contains('kept')
        ? db.transaction('kept').objectStore('kept').get('person')
        : null;
      const person = ask && (await new Promise((done) => (ask.onsuccess = () => done(ask.result))));
      db.close();
      return typeof person;
    });
  await expect.poll(known, { timeout: 60_000 }).toBe('string');
}

/** A push service, and the hand of somebody who presses what it brought. */
class Pushing {
  readonly #context: BrowserContext;
  readonly #deliver: (data: string) => Promise<unknown>;

  private constructor(context: BrowserContext, deliver: (data: string) => Promise<unknown>) {
    [this.#context, this.#deliver] = [context, deliver];
  }

  static async to(page: Page): Promise<Pushing> {
    const tools = await page.context().newCDPSession(page);
    const registered = new Promise<string>((done) =>
      tools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [one] = registrations.filter(({ isDeleted }) => !isDeleted);
        if (one) done(one.registrationId);
      }),
    );
    await tools.send('ServiceWorker.enable');
    const at = { origin: new URL(page.url()).origin, registrationId: await registered };
    return new Pushing(page.context(), (data) =>
      tools.send('ServiceWorker.deliverPushMessage', { ...at, data }),
    );
  }

  deliver(data: string): Promise<unknown> {
    return this.#deliver(data);
  }

  /** What the browser does when somebody presses it, less its leave to bring a window to the front. */
  async press(tag: string): Promise<void> {
    const worker: Worker =
      this.#context.serviceWorkers()[0] ?? (await this.#context.waitForEvent('serviceworker'));
    await worker.evaluate(async (tag) => {
      interface Scope extends EventTarget {
        registration: ServiceWorkerRegistration;
        NotificationEvent: new (type: string, more: { notification: Notification }) => Event;
      }
      const scope = globalThis as unknown as Scope;
      const [notification] = await scope.registration.getNotifications({ tag });
      const event = new scope.NotificationEvent('notificationclick', { notification: notification! });
      const done: Promise<unknown>[] = [];
      Object.defineProperty(event, 'waitUntil', { value: (act: Promise<unknown>) => done.push(act) });
      scope.dispatchEvent(event);
      await Promise.all(done);
    }, tag);
  }
}

const pushOf = (
  person: string,
  conversation: string,
  message: string,
  { title, body }: Pick<Shown, 'title' | 'body'>,
) =>
  JSON.stringify({
    web_push: 8030,
    notification: {
      title,
      body,
      navigate: `/conversations/${conversation}?message=${message}`,
      tag: 'of-the-server',
    },
    mutable: true,
    app_badge: 1,
    porchlight: { person, conversation, message, seq: 1, kind: 'message' },
  });

test('a push is one notification of its thread, and a press leads the window that is there to the message', async ({
  page,
  windowOf,
}) => {
  const [petra, quentin] = [await Somebody.named('Petra Pushed'), await Somebody.named('Quentin Quiet')];
  await petra.phone.text('And the boiler hums');
  const [first, second] = await petra.office.messages(petra.id);
  await signIn(page);
  await settle(page);
  const me = await page.evaluate(async () => ((await (await fetch('/api/me')).json()) as { id: string }).id);
  const pushing = await Pushing.to(page);
  await open(page, 'Quentin Quiet');
  await composer(page).fill('Half a sentence');
  await page.evaluate(() => Object.assign(globalThis, { same: true }));

  const tag = `porchlight.${petra.id}`;
  const [one, two] = [
    { title: 'Petra Pushed', body: 'New message', tag, count: 1 },
    { title: 'Petra Pushed', body: '2 new messages', tag, count: 2 },
  ];
  await pushing.deliver(pushOf(me, petra.id, first!.id, one));
  await expect.poll(() => shown(page)).toEqual([one]);
  // The same again is none.
  await pushing.deliver(pushOf(me, petra.id, first!.id, one));
  await pushing.deliver(pushOf(me, petra.id, second!.id, two));
  await expect.poll(() => shown(page)).toEqual([two]);

  // This browser had another person's before, and what it brings cannot always be read.
  await pushing.deliver(
    pushOf('01J00000000000000000000000', quentin.id, first!.id, {
      title: 'Quentin Quiet',
      body: 'New message',
    }),
  );
  const lines = async () => (await shown(page)).map(({ title, body }) => `${title}: ${body}`).sort();
  await expect
    .poll(lines)
    .toEqual([
      'Petra Pushed: 2 new messages',
      expect.stringMatching(/^Porchlight: There is something new for somebody/),
    ]);
  await pushing.deliver('not ours');
  await expect
    .poll(lines)
    .toEqual([
      'Petra Pushed: 2 new messages',
      expect.stringMatching(/^Porchlight: There is something new\. Open/),
    ]);

  await pushing.press(tag);
  await expect(page).toHaveURL(new RegExp(`/conversations/${petra.id}/messages/${second!.id}$`));
  await expect(page.getByRole('log', { name: 'Messages with Petra Pushed' })).toContainText(
    'And the boiler hums',
  );
  expect((await shown(page)).filter((one) => one.tag === tag)).toEqual([]);
  expect(page.context().pages()).toHaveLength(1);
  expect(await page.evaluate(() => 'same' in globalThis), 'nothing was loaded').toBe(true);
  await open(page, 'Quentin Quiet');
  await expect(composer(page)).toHaveValue('Half a sentence');

  // Read in another window of theirs, it is over here too.
  await open(page, 'Petra Pushed');
  await quentin.phone.text('Anybody there?');
  await expect(rowOf(page, 'Quentin Quiet').first()).toContainText('1 unread');
  const third = (await quentin.office.messages(quentin.id)).at(-1)!;
  await pushing.deliver(pushOf(me, quentin.id, third.id, { title: 'Quentin Quiet', body: 'New message' }));
  await expect.poll(async () => (await shown(page)).map(({ title }) => title)).toContain('Quentin Quiet');
  const other = await windowOf('office');
  await open(other, 'Quentin Quiet');
  await expect.poll(async () => (await shown(page)).map(({ title }) => title)).not.toContain('Quentin Quiet');

  // An address that the system opens by itself.
  await page.goto(`/conversations/${petra.id}?message=${first!.id}`);
  await expect(page).toHaveURL(new RegExp(`/conversations/${petra.id}/messages/${first!.id}$`));
  await expect(page.getByRole('log', { name: 'Messages with Petra Pushed' })).toBeVisible();
});

const KEY = 'BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U';

/** A push service that takes everybody: Chromium here reaches none. */
const SERVICE = () => {
  let made: object | null = null;
  const subscription = (key: ArrayBuffer) => ({
    endpoint: 'https://push.example/mine',
    options: { applicationServerKey: key },
    toJSON: () => ({ endpoint: 'https://push.example/mine', keys: { p256dh: 'p', auth: 'a' } }),
    unsubscribe: () => {
      made = null;
      return Promise.resolve(true);
    },
  });
  Object.assign(PushManager.prototype, {
    getSubscription: () => Promise.resolve(made),
    subscribe: ({ applicationServerKey }: { applicationServerKey: Uint8Array<ArrayBuffer> }) =>
      Promise.resolve((made = subscription(applicationServerKey.buffer))),
  });
};

const PIXEL: Device = {
  id: '01JPIXEL000000000000000000',
  kind: 'fcm',
  name: 'Pixel in the van',
  created_at: '2026-11-02T10:00:00Z',
  last_success_at: '2026-11-20T10:00:00Z',
  health: 'refused',
  health_reason: 'The push service wants another key',
};

/** The server's devices, in any state that they may be in. */
async function serve(context: BrowserContext): Promise<void> {
  let devices = [PIXEL];
  await context.route('**/api/me', async (route) => {
    const response = await route.fetch();
    const me = (await response.json()) as object;
    await route.fulfill({ response, json: { ...me, vapid_public_key: KEY } });
  });
  await context.route('**/api/devices**', async (route) => {
    const asked = route.request();
    if (asked.method() === 'GET') return route.fulfill({ json: { devices } });
    if (asked.method() === 'DELETE') {
      devices = devices.filter(({ id }) => !asked.url().endsWith(id));
      return route.fulfill({ status: 204 });
    }
    if (asked.url().endsWith('/test')) {
      const now = new Date().toISOString();
      devices = devices.map((one) =>
        asked.url().includes(one.id) ? { ...one, health: 'ok', last_success_at: now } : one,
      );
      return route.fulfill({
        json: { device: devices.find(({ id }) => asked.url().includes(id)), told: 'Sent.' },
      });
    }
    const { id, name } = asked.postDataJSON() as { id: string; name: string };
    const created_at = new Date().toISOString();
    devices = [
      ...devices,
      {
        ...PIXEL,
        id,
        name,
        kind: 'webpush',
        created_at,
        last_success_at: null,
        health: 'new',
        health_reason: null,
      },
    ];
    return route.fulfill({ json: devices.at(-1) });
  });
}

test('a device is switched on by its owner, tried out, and taken away', async ({ context, page }) => {
  await context.addInitScript(SERVICE);
  await serve(context);
  await signIn(page);
  await settle(page);
  await page.goto('/settings/devices');
  const turn = (on: string) => page.getByRole('switch', { name: `Notifications on this device: ${on}` });
  await expect(page.getByText('The push service wants another key')).toBeVisible();
  await turn('off').click();
  await expect(turn('on')).toBeVisible();
  const own = page.getByRole('listitem').filter({ hasText: 'this one' });
  await expect(own).toContainText('Nothing sent yet');
  await own.getByRole('button', { name: /^Test/ }).click();
  await expect(own).toContainText('It should show up there now.');
  await expect(own).toContainText('Works');

  // What wakes them is saved as it is said, for all their devices.
  const quiet = (on: string) => page.getByRole('switch', { name: `Quiet hours: ${on}` });
  const saved = (method: string) =>
    page.waitForResponse((it) => it.url().endsWith('/settings/push') && it.request().method() === method);
  let asked = saved('PUT');
  await quiet('off').click();
  await asked;
  asked = saved('PUT');
  await page.getByLabel('From', { exact: true }).fill('21:15');
  await page.getByLabel('Until', { exact: true }).focus();
  expect(await (await asked).json()).toMatchObject({ quiet: { from: '21:15', until: '07:00' } });
  await page.getByRole('link', { name: 'Notifications of this browser' }).click();
  await page.getByRole('link', { name: 'My devices' }).click();
  await expect(page.getByLabel('From', { exact: true })).toHaveValue('21:15');
  for (const [name, look, size] of [
    ['devices-light', 'light', null],
    ['devices-dark', 'dark', null],
    ['phone-devices-light', 'light', { width: 390, height: 844 }],
    ['phone-devices-dark', 'dark', { width: 390, height: 844 }],
  ] as const) {
    await page.emulateMedia({ colorScheme: look });
    if (size) await page.setViewportSize(size);
    await accessible(page);
    await laidOut(page);
    await picture(page, name);
  }

  asked = saved('PUT');
  await quiet('on').click();
  expect(await (await asked).json()).toMatchObject({ quiet: null });

  await page.getByRole('button', { name: 'Remove Pixel in the van' }).click();
  await accessible(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('Pixel in the van', { exact: true })).toHaveCount(0);
  await turn('on').click();
  await expect(page.getByText('None of your devices is on')).toBeVisible();
  // A phone has the page one press away.
  await page.goto('/me');
  await page.getByRole('link', { name: /^My devices/ }).click();
  await expect(turn('off')).toBeVisible();
});
