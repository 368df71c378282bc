// Settings → Notifications of this browser: one notification and one sound for each text, however many tabs, while another
// window is in front.
import type { BrowserContext, Page } from '@playwright/test';

import { accessible, expect, laidOut, picture, rowOf, signIn, test } from './inbox';
import { Somebody } from './office';

interface Told {
  title: string;
  body: string;
  tag: string;
}
interface Stubbed {
  told: Told[];
  sounds: number;
  front: boolean;
  permission: NotificationPermission;
  last: { onclick: (() => void) | null } | null;
  closed: number;
}
const stubbed = (page: Page): Promise<Stubbed> =>
  page.evaluate(() => {
    const { told, sounds, front, permission, closed } = (globalThis as unknown as { stub: Stubbed }).stub;
    return { told, sounds, front, permission, closed, last: null };
  });

/** What the system shows cannot be looked at from here: it is written down instead. The window in front is said by us. */
async function stub(context: BrowserContext, permission: NotificationPermission): Promise<void> {
  await context.addInitScript((permission) => {
    const stub: Stubbed = { told: [], sounds: 0, front: true, permission, last: null, closed: 0 };
    Object.assign(globalThis, { stub });
    document.hasFocus = () => stub.front;
    class Notification {
      onclick: (() => void) | null = null;
      static get permission() {
        return stub.permission;
      }
      static requestPermission() {
        if (stub.permission === 'default') stub.permission = 'granted';
        return Promise.resolve(stub.permission);
      }
      constructor(title: string, { body = '', tag = '' }: NotificationOptions = {}) {
        stub.told.push({ title, body, tag });
        stub.last = this;
      }
      close() {
        stub.closed++;
      }
    }
    Object.assign(globalThis, { Notification });
    const { createOscillator } = AudioContext.prototype;
    AudioContext.prototype.createOscillator = function () {
      stub.sounds++;
      return createOscillator.call(this);
    };
  }, permission);
}

const front = (page: Page, on: boolean) =>
  page.evaluate((on) => {
    (globalThis as unknown as { stub: Stubbed }).stub.front = on;
    dispatchEvent(new Event(on ? 'focus' : 'blur'));
  }, on);

async function settings(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Notifications of this browser' }).click();
  await expect(page.getByRole('heading', { name: 'Notifications of this browser' })).toBeVisible();
}

const NOTES = 2;

test('one notification and one sound for a text, however many tabs; its words only on wish', async ({
  context,
  page,
}) => {
  await stub(context, 'default');
  const { phone, id } = await Somebody.named('Nora Bell');
  await signIn(page);
  await settings(page);
  await expect(page.getByText('Turn one of them on to try it.')).toBeVisible();
  await page.getByRole('switch', { name: 'Desktop notification: off' }).click();
  await page.getByRole('switch', { name: 'Sound: off' }).click();
  await expect(page.getByRole('switch', { name: 'Show what the text says: off' })).toBeVisible();
  await accessible(page);
  await laidOut(page);
  await picture(page, 'settings-notifications-light');
  await page.getByRole('button', { name: 'Try it' }).click();
  await expect.poll(async () => (await stubbed(page)).told.length).toBe(1);
  await expect(page.getByText('Played just now.')).toBeVisible();

  const tabs = [page, await context.newPage(), await context.newPage()];
  for (const tab of tabs.slice(1)) {
    await tab.goto('/conversations');
    await expect(rowOf(tab, 'Nora Bell').first()).toBeVisible();
  }
  const all = async () => {
    const each = await Promise.all(tabs.map(stubbed));
    return {
      told: each.flatMap(({ told }) => told).filter(({ tag }) => tag === `porchlight.${id}`),
      sounds: each.reduce((sum, { sounds }) => sum + sounds, 0) / NOTES - 1,
    };
  };

  // In front: it is on the screen.
  await phone.text('While you look');
  await expect(rowOf(tabs[1]!, 'Nora Bell').first()).toContainText('While you look');
  for (const tab of tabs) await front(tab, false);
  await phone.text('My code is 4711');
  await expect
    .poll(async () => (await all()).told)
    .toEqual([{ title: 'Nora Bell', body: 'New text', tag: `porchlight.${id}` }]);
  await expect.poll(async () => (await all()).sounds).toBe(1);
  await phone.text('And the side gate');
  await expect.poll(async () => (await all()).told.at(-1)?.body).toBe('2 new texts');
  await expect.poll(async () => (await all()).sounds).toBe(2);

  // Back again: they have done their work.
  await front(page, true);
  await expect.poll(async () => (await stubbed(page)).closed).toBeGreaterThan(0);
  await page.getByRole('switch', { name: 'Show what the text says: off' }).click();
  await front(page, false);
  await phone.text('It is **dripping** again');
  await expect.poll(async () => (await all()).told.at(-1)?.body).toBe('It is **dripping** again');
  // Whoever presses it is in the conversation.
  await page.evaluate(() => (globalThis as unknown as { stub: Stubbed }).stub.last?.onclick?.());
  await expect(page).toHaveURL(new RegExp(`/conversations/${id}$`));
  expect((await all()).told).toHaveLength(3);
});

test('what is wished is kept in this browser, for this person', async ({ context, page }) => {
  await stub(context, 'granted');
  await signIn(page);
  await settings(page);
  await page.getByRole('switch', { name: 'Sound: off' }).click();
  await page.reload();
  await expect(page.getByRole('switch', { name: 'Sound: on' })).toBeVisible();
  await page.goto('/me');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await signIn(page, 'admin');
  await settings(page);
  await expect(page.getByRole('switch', { name: 'Sound: off' })).toBeVisible();
});

test('a browser that blocks notifications is said so in words, with what to do', async ({
  context,
  page,
}) => {
  await stub(context, 'denied');
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page);
  await page.getByRole('link', { name: 'Me', exact: true }).click();
  await settings(page);
  await expect(page.getByText('This browser blocks notifications from Porchlight.')).toBeVisible();
  await expect(page.getByText('set Notifications to Allow')).toBeVisible();
  await page.getByRole('switch', { name: 'Desktop notification: off' }).click({ force: true });
  await expect(page.getByRole('switch', { name: 'Desktop notification: off' })).toBeVisible();
  await accessible(page);
  await laidOut(page);
  await picture(page, 'settings-notifications-denied-phone-light');
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await accessible(page);
  await picture(page, 'settings-phone-light');
});
