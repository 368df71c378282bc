// Quick replies: sent in one tap, taken back within five seconds, kept by the office for all.
import type { Page } from '@playwright/test';

import { accessible, composer, expect, open, picture, test } from './inbox';
import { Office, Somebody } from './office';

const strip = (page: Page) => page.getByRole('toolbar', { name: 'Quick replies' });
const reply = (page: Page, text: string) => strip(page).getByRole('button', { name: text, exact: true });
const list = (page: Page) => page.locator('[data-reply]');
const undo = (page: Page) =>
  page.locator('.toast').filter({ hasText: 'Message sent' }).getByRole('button', { name: 'Undo' });

/** What every business begins with, whatever an earlier test has left. */
test.beforeEach(async () => {
  const office = await Office.signIn();
  const { version } = await office.ask<{ version: number }>('GET', '/api/quick-replies');
  const words = ['On the way', 'Running 15 min late', 'Does that time work?', 'Thank you!'];
  await office.ask('PUT', '/api/quick-replies', { quick_replies: words.map((text) => ({ text })), version });
});

test('one tap sends a reply, once, and leaves alone what is being written', async ({ windowOf }) => {
  const { id, office } = await Somebody.named('Quin Tap');
  const page = await windowOf('office');
  await open(page, 'Quin Tap');
  await composer(page).fill('Half a sentence');
  await expect(strip(page).getByRole('button')).toHaveCount(4);
  await accessible(page);
  await picture(page, 'quick-strip');
  await reply(page, 'On the way').dblclick();
  await expect(page.getByRole('log').getByText('On the way')).toBeVisible();
  await expect(composer(page)).toHaveValue('Half a sentence');
  // It goes by itself once nobody has taken it back.
  await expect
    .poll(async () => (await office.messages(id)).at(-1)?.status, { timeout: 20_000 })
    .toMatch(/sen|deliv/);
  const sent = (await office.messages(id)).filter(({ text }) => text === 'On the way');
  expect(sent).toHaveLength(1);
});

test('what one tap sent is taken back for five seconds', async ({ windowOf }) => {
  const { id, office } = await Somebody.named('Ula Back');
  const page = await windowOf('office');
  await open(page, 'Ula Back');
  await reply(page, 'Thank you!').click();
  await undo(page).click();
  await expect.poll(async () => (await office.messages(id)).at(-1)?.status).toBe('canceled');
  await expect(composer(page)).toHaveValue('Thank you!');
});

test('what one tap sent and is taken back leaves what is being written as it stands', async ({
  windowOf,
}) => {
  const { id, office } = await Somebody.named('Uli Aside');
  const page = await windowOf('office');
  await open(page, 'Uli Aside');
  await composer(page).fill('Half a sentence');
  await reply(page, 'On the way').click();
  await undo(page).click();
  await expect(
    page.locator('.toast').filter({ hasText: 'What you were writing is as it was' }),
  ).toBeVisible();
  await expect.poll(async () => (await office.messages(id)).at(-1)?.status).toBe('canceled');
  await expect(composer(page)).toHaveValue('Half a sentence');
});

test('by keyboard one of them is reached, arrows move, and a key that is held sends once', async ({
  windowOf,
}) => {
  const { id, office } = await Somebody.named('Kay Board');
  const page = await windowOf('office');
  await open(page, 'Kay Board');
  await expect(strip(page)).toBeVisible();
  await composer(page).focus();
  // Tools and the arrow stand before them.
  const here = strip(page).locator(':focus');
  for (let tabs = 0; tabs < 8 && (await here.count()) === 0; tabs++) await page.keyboard.press('Tab');
  await expect(reply(page, 'On the way')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(reply(page, 'Running 15 min late')).toBeFocused();
  // Playwright marks those after the first as repeated.
  for (let times = 0; times < 5; times++) await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await expect(undo(page)).toHaveCount(1);
  await page.keyboard.press('Tab');
  await expect(strip(page).locator(':focus')).toHaveCount(0);
  const late = async () => (await office.messages(id)).filter(({ text }) => text.startsWith('Running'));
  await expect.poll(async () => (await late()).length).toBe(1);
});

test('the office keeps them, and everybody sees it at once', async ({ windowOf }) => {
  await Somebody.named('Liv Change');
  const [admin, office] = [await windowOf('admin'), await windowOf('office')];
  await open(office, 'Liv Change');
  await admin.goto('/settings/quick-replies');
  await expect(list(admin)).toHaveCount(4);
  await accessible(admin);
  await picture(admin, 'settings-quick-replies');
  const fresh = admin.getByRole('textbox', { name: 'New quick reply' });
  await fresh.fill('<b>שלום</b>, on my way');
  await fresh.press('Enter');
  await expect(fresh).toHaveValue('');
  await expect(reply(office, '<b>שלום</b>, on my way')).toBeVisible();
  await admin.getByRole('button', { name: 'Edit “Thank you!”' }).click();
  await admin.getByRole('textbox', { name: 'What “Thank you!” says' }).fill('Thanks a lot!');
  await admin.keyboard.press('Enter');
  await expect(reply(office, 'Thanks a lot!')).toBeVisible();
  await expect(reply(office, 'Thank you!')).toHaveCount(0);
  await admin.getByRole('button', { name: 'Move “On the way” down' }).press('Alt+ArrowDown');
  await expect(list(admin).nth(1)).toContainText('On the way');
  await expect(strip(office).getByRole('button').nth(1)).toHaveText('On the way');
  await admin.getByRole('button', { name: 'Delete “Does that time work?”' }).click();
  await expect(reply(office, 'Does that time work?')).toHaveCount(0);
  await admin.getByRole('button', { name: 'Undo' }).click();
  await expect(strip(office).getByRole('button').nth(2)).toHaveText('Does that time work?');
});

test('what cannot be kept is refused in words, and stays to be mended', async ({ windowOf }) => {
  const page = await windowOf('admin');
  await page.goto('/settings/quick-replies');
  const fresh = page.getByRole('textbox', { name: 'New quick reply' });
  await fresh.fill('é'.repeat(163));
  await expect(page.getByText('This is 3 characters too long. A quick reply has up to 160.')).toBeVisible();
  await picture(page, 'settings-quick-replies-too-long');
  await fresh.press('Enter');
  await expect(list(page)).toHaveCount(4);
  await fresh.fill('Hi {{customerName}}');
  await fresh.press('Enter');
  await expect(page.getByRole('alert')).toContainText('filled in templates only');
  await fresh.fill('Thank you!');
  await fresh.press('Enter');
  await expect(page.getByRole('alert')).toContainText('two quick replies say the same');
  await fresh.fill(' ');
  await fresh.press('Enter');
  await expect(page.getByText('Write what it says.')).toBeVisible();
  await fresh.fill('Kept as I leave');
  await page.reload();
  await expect(fresh).toHaveValue('Kept as I leave');
  await fresh.press('Enter');
  await expect(list(page).last()).toContainText('Kept as I leave');
});

test('of two windows that change the same one, the second is told, and nobody’s words go unseen', async ({
  windowOf,
}) => {
  const [one, two] = [await windowOf('admin'), await windowOf('office')];
  for (const page of [one, two]) {
    await page.goto('/settings/quick-replies');
    await page.getByRole('button', { name: 'Edit “On the way”' }).click();
  }
  await one.getByRole('textbox', { name: 'What “On the way” says' }).fill('Coming');
  await one.keyboard.press('Enter');
  await expect(two.getByRole('textbox', { name: 'What “Coming” says' })).toHaveValue('On the way');
  await two.getByRole('textbox', { name: 'What “Coming” says' }).fill('Nearly there');
  await two.keyboard.press('Enter');
  await expect(two.getByRole('alert')).toContainText('Somebody changed it to “Coming” meanwhile.');
  await two.getByRole('button', { name: 'Save' }).click();
  await expect(list(one).first()).toContainText('Nearly there');
  await one.getByRole('button', { name: 'Edit “Nearly there”' }).click();
  await two.getByRole('button', { name: 'Delete “Nearly there”' }).click();
  await expect(one.getByText('Somebody deleted “Nearly there” meanwhile.')).toBeVisible();
  await one.getByRole('button', { name: 'Save' }).click();
  await expect(list(two).last()).toContainText('Nearly there');
});

test('on a phone they scroll beside each other, dark and light', async ({ windowOf }) => {
  await Somebody.named('Phil Phone');
  const page = await windowOf('office', { viewport: { width: 390, height: 844 }, hasTouch: true });
  await open(page, 'Phil Phone');
  await expect(strip(page)).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await accessible(page);
    await picture(page, `quick-strip-phone-${colorScheme}`);
  }
  await page.goto('/settings/quick-replies');
  await expect(list(page)).toHaveCount(4);
  await accessible(page);
  await picture(page, 'settings-quick-replies-phone-dark');
});

test('a technician on the way is asked for how many minutes, in what the customer will read', async ({
  windowOf,
}) => {
  const options = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const page = await windowOf('technician', options);
  await open(page, 'Maria Delgado');
  const button = (name: string | RegExp) =>
    page.getByRole('toolbar', { name: 'Short answers' }).getByRole('button', { name, exact: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(button(/^20 min late: Hi Maria, this is /)).toBeVisible();
    await accessible(page);
    await picture(page, `phone-field-${colorScheme}`);
    await button('On my way').tap();
    await expect(button(/^15 min: Hi Maria, this is .+ about 15 minutes\.$/)).toBeVisible();
    await accessible(page);
    await picture(page, `phone-field-way-${colorScheme}`);
    await button('Back').tap();
  }
});
