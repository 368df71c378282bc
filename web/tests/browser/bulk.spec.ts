// Many at once: selected, done with one act page by page, stopped, taken back.
import type { Page, Route } from '@playwright/test';

import { accessible, expect, laidOut, listOf, open, picture, rowOf, rows, test } from './inbox';
import { Office, Somebody } from './office';
import { Phone } from './phones';

const bar = (page: Page) => page.getByRole('region', { name: 'Selected conversations' });
const tool = (page: Page, name: string) => bar(page).getByRole('button', { name, exact: true });
const toast = (page: Page, words: string | RegExp) => page.locator('.toast').filter({ hasText: words });
const selected = (page: Page) => listOf(page).getByRole('link', { name: /, selected/ });
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** People who have just written; the last one stands on top. */
async function people(...names: string[]): Promise<Somebody[]> {
  const all = [];
  for (const name of names) all.push(await Somebody.named(name));
  return all;
}

/** Everybody's text waits for an answer: more than two pages of them. */
async function crowd(first: number): Promise<Office> {
  for (let n = 0; n < 45; n++) await new Phone(`+1603${first + n}`).text(`Crowd ${n}`);
  return Office.signIn('admin');
}

/** Lets the requests of these pages wait until somebody says so. */
async function held(page: Page): Promise<{ waits: () => number; go: () => void }> {
  let go = (): void => {};
  let waits = 0;
  const gate = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/api/bulk/*/next', async (route: Route) => {
    waits++;
    await gate;
    await route.continue();
  });
  return { waits: () => waits, go };
}

test('conversations are selected by key, by range and one by one, and Esc lets them go', async ({
  windowOf,
}) => {
  await people('Sel Alder', 'Sel Birch', 'Sel Cedar', 'Sel Dogwood', 'Sel Elm');
  const page = await windowOf('office');
  await expect(rowOf(page, 'Sel Elm')).toBeVisible();
  await rowOf(page, 'Sel Elm').focus();
  await page.keyboard.press('x');
  await expect(bar(page).getByRole('heading', { name: '1 selected' })).toBeVisible();
  await expect(rowOf(page, 'Sel Elm')).toHaveAccessibleName(/, selected/);
  await rowOf(page, 'Sel Birch').click({ modifiers: ['Shift'] });
  await expect(bar(page).getByRole('heading', { name: '4 selected' })).toBeVisible();
  await rowOf(page, 'Sel Cedar').click({ modifiers: ['ControlOrMeta'] });
  await expect(bar(page).getByRole('heading', { name: '3 selected' })).toBeVisible();
  await expect(selected(page)).toHaveCount(3);
  await expect(page.getByRole('log')).toHaveCount(0);
  await accessible(page);
  await picture(page, 'bulk-selected');
  await page.emulateMedia({ colorScheme: 'dark' });
  await accessible(page);
  await picture(page, 'bulk-selected-dark');
  await page.keyboard.press('Escape');
  await expect(bar(page)).toBeHidden();
  await expect(selected(page)).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Conversations', exact: true })).toBeVisible();
});

test('one act is seen by all, what left the list stays selected, and Undo spares what was changed', async ({
  windowOf,
}) => {
  const [one, two, three] = await people('Gil Acts', 'Hal Acts', 'Ivy Acts');
  const [ana, ben] = [await windowOf('admin'), await windowOf('office')];
  await ana.goto('/conversations?filter=active');
  for (const name of ['Gil Acts', 'Hal Acts', 'Ivy Acts'])
    await rowOf(ana, name).click({ modifiers: ['ControlOrMeta'] });
  await one!.office.act(one!.id, 'close');
  await expect(rowOf(ana, 'Gil Acts')).toBeHidden();
  await expect(bar(ana).getByRole('heading', { name: '3 selected' })).toBeVisible();
  await tool(ana, 'Close').click();
  await expect(toast(ana, '2 closed')).toBeVisible();
  await expect(bar(ana)).toContainText('1 closed already');
  for (const name of ['Hal Acts', 'Ivy Acts']) await expect(rowOf(ben, name)).toContainText('Closed');
  await two!.office.act(two!.id, 'reopen');
  await toast(ana, '2 closed').getByRole('button', { name: 'Undo' }).click();
  await expect(toast(ana, '1 put back')).toBeVisible();
  await expect(bar(ana)).toContainText('1 changed meanwhile');
  await picture(ana, 'bulk-left');
  await expect.poll(async () => (await three!.row()).state).toBe('open');
  await expect.poll(async () => (await one!.row()).state).toBe('closed');
  await expect(rowOf(ben, 'Ivy Acts')).toContainText('waits');
});

test('keys alone select, snooze, assign and take back', async ({ windowOf }) => {
  const [one, two] = await people('Kay Keys', 'Lou Keys');
  const page = await windowOf('office');
  await expect(rowOf(page, 'Lou Keys')).toBeVisible();
  await rowOf(page, 'Lou Keys').focus();
  await page.keyboard.press('x');
  await expect(selected(page)).toHaveCount(1);
  await page.keyboard.press('j');
  await expect(rowOf(page, 'Kay Keys')).toBeFocused();
  await page.keyboard.press('x');
  await expect(selected(page)).toHaveCount(2);
  await page.keyboard.press('h');
  await expect(page.getByRole('dialog', { name: 'Snooze 2 conversations until' })).toBeVisible();
  await accessible(page);
  await page.getByRole('button', { name: /^Tomorrow at 8 AM/ }).press('Enter');
  await expect(toast(page, '2 snoozed')).toBeVisible();
  await page.keyboard.press('z');
  await expect(toast(page, '2 put back')).toBeVisible();
  for (const name of ['Kay Keys', 'Lou Keys']) {
    await rowOf(page, name).focus();
    await page.keyboard.press('x');
  }
  await expect(selected(page)).toHaveCount(2);
  await page.keyboard.press('a');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(toast(page, '2 assigned')).toBeVisible();
  await expect.poll(async () => (await one!.row()).assignee).not.toBe(null);
  await expect.poll(async () => (await two!.row()).assignee).not.toBe(null);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Select this conversation');
});

test('all of a list is worked off with its progress, and Stop leaves the rest', async ({ windowOf }) => {
  const office = await crowd(2_100_000);
  const page = await windowOf('office');
  await page.goto('/conversations?filter=attention');
  await expect(rows(page).first()).toBeVisible();
  await rows(page)
    .first()
    .getByRole('link')
    .click({ modifiers: ['ControlOrMeta'] });
  await bar(page)
    .getByRole('button', { name: /^Select all/ })
    .click();
  await expect(bar(page).getByRole('heading', { name: /^All \d+ of this list selected/ })).toBeVisible();
  const gate = await held(page);
  await tool(page, 'Done').click();
  await expect(bar(page)).toContainText(/20 of \d+/);
  await expect.poll(gate.waits).toBe(1);
  await accessible(page);
  await picture(page, 'bulk-progress');
  const heard = page.waitForResponse('**/api/bulk/*/stop');
  await tool(page, 'Stop').click();
  await expect(tool(page, 'Stop')).toHaveAttribute('aria-disabled', 'true');
  await heard;
  gate.go();
  await expect(toast(page, /Stopped: 20 done, of \d+/)).toBeVisible();
  const { counts } = await office.ask<{ counts: { attention: number } }>('GET', '/api/conversations?limit=1');
  expect(counts.attention).toBeGreaterThan(0);
  await toast(page, /Stopped/)
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect(toast(page, /put back/)).toBeVisible();
});

test('a lost answer is asked for again, and a page that is loaded again goes on', async ({ windowOf }) => {
  const office = await crowd(2_300_000);
  const page = await windowOf('office');
  await page.goto('/conversations?filter=attention');
  await expect(rows(page).first()).toBeVisible();
  await rows(page)
    .first()
    .getByRole('link')
    .click({ modifiers: ['ControlOrMeta'] });
  await bar(page)
    .getByRole('button', { name: /^Select all/ })
    .click();
  let lost = 0;
  await page.route('**/api/bulk', async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    await route.abort('connectionreset');
  });
  const gate = await held(page);
  await tool(page, 'Done').click();
  await expect.poll(gate.waits).toBe(1);
  expect(lost).toBe(2);
  gate.go();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.reload();
  await expect(toast(page, /\d+ done/)).toBeVisible();
  await expect
    .poll(async () => {
      const path = '/api/conversations?filter=attention&limit=200';
      return (await office.ask<{ conversations: { name: string }[] }>('GET', path)).conversations.filter(
        ({ name }) => name.includes('230-'),
      ).length;
    })
    .toBe(0);
});

test('on a phone a touch selects once selecting has begun', async ({ windowOf }) => {
  const [one] = await people('Pho Touch', 'Pie Touch');
  const page = await windowOf('office', PHONE);
  await page.getByRole('button', { name: 'Order and assignment' }).click();
  await page.getByRole('menuitem', { name: 'Select conversations' }).click();
  await expect(bar(page).getByRole('heading', { name: 'Select conversations' })).toBeVisible();
  await rowOf(page, 'Pho Touch').tap();
  await rowOf(page, 'Pie Touch').tap();
  await expect(bar(page).getByRole('heading', { name: '2 selected' })).toBeVisible();
  await accessible(page);
  await laidOut(page);
  await picture(page, 'bulk-phone');
  await rowOf(page, 'Pie Touch').tap();
  await tool(page, 'Done').tap();
  await expect(toast(page, '1 done')).toBeVisible();
  await expect.poll(async () => (await one!.row()).attention).toBe(false);
  await open(page, 'Pho Touch');
});

test('a technician reads many, and changes none', async ({ windowOf }) => {
  const page = await windowOf('technician');
  await rows(page)
    .first()
    .getByRole('link')
    .click({ modifiers: ['ControlOrMeta'] });
  await expect(tool(page, 'Mark read')).toBeVisible();
  for (const name of ['Done', 'Close', 'Assign', 'Snooze']) await expect(tool(page, name)).toHaveCount(0);
  await tool(page, 'Mark read').click();
  await expect(toast(page, '1 marked read')).toBeVisible();
});
