// The connection is cut for a minute, and the server is killed and started again, while others go on writing: on
// return the screen is what a fresh load shows, item by item, without a reload.
import type { Page } from '@playwright/test';

import { expect, listOf, open, rows, screenOf, server, test, WHOLE } from './inbox';
import { Office } from './office';
import { Phone } from './phones';

const MINUTE_MS = 60_000;
const JUNE = new Phone('+12075550221');
const OTHERS = ['+12075550222', '+12075550223', '+12075550224'].map((number) => new Phone(number));

/** With its whole list loaded, and all of it drawn. */
async function whole(page: Page): Promise<void> {
  await expect(async () => {
    await listOf(page)
      .locator('.rows')
      .evaluate((list) => list.scrollTo(0, list.scrollHeight));
    // Unknown (-1) while there are more.
    await expect(rows(page).last()).not.toHaveAttribute('aria-setsize', '-1', { timeout: 1000 });
  }).toPass();
  await page.setViewportSize(WHOLE);
}

/** Another list, while nobody answers: what is not known here comes later. */
async function choose(page: Page, filter: string): Promise<void> {
  const chip = page.getByRole('button', { name: new RegExp(`^${filter}`) });
  await chip.click();
  await expect(chip).toHaveAttribute('aria-pressed', 'true');
}

/** Equal to the same address loaded in another tab of the same browser. */
async function likeFresh(page: Page): Promise<void> {
  const fresh = await page.context().newPage();
  await fresh.goto(page.url());
  await expect(fresh.getByRole('log')).toBeVisible();
  for (const one of [page, fresh]) await whole(one);
  await expect(async () => expect(await screenOf(page)).toEqual(await screenOf(fresh))).toPass({
    timeout: 30_000,
  });
  await fresh.close();
}

test('after a cut of a minute and a killed server the screen equals a fresh load', async ({ windowOf }) => {
  test.setTimeout(180_000);
  const office = await Office.signIn('admin');
  await office.customer('June Park', JUNE.number);
  await JUNE.text('Are you there?');
  for (const phone of OTHERS) await phone.text('Hello');
  const ids = await Promise.all(OTHERS.map(async (phone) => (await office.with(phone.number)).id));
  const june = (await office.with(JUNE.number)).id;
  const cut = await windowOf('office');
  const served = await windowOf('admin');
  for (const page of [cut, served]) {
    await open(page, 'June Park');
    await page.evaluate(() => document.documentElement.setAttribute('data-not-reloaded', ''));
  }

  await cut.context().setOffline(true);
  const since = Date.now();
  await expect(cut.getByText(/Offline since/)).toBeVisible();
  await choose(cut, 'Attention');

  // Others write: texts, answers, acts.
  await JUNE.text('I am at home all day');
  await office.reply(june, 'We come at noon.');
  await office.act(ids[0]!, 'done');
  await office.act(ids[1]!, 'close');
  await OTHERS[2]!.text('And the cellar is wet');

  // Killed while a text is on its way, and the provider with it: it goes on once it is back, and tries again.
  const interrupted = JUNE.text('Ring twice').catch(() => null);
  await server('kill');
  const taken = await interrupted;
  await expect(served.getByText('Reconnecting.')).toBeVisible();
  await choose(served, 'Active');
  await server('start');
  await OTHERS[1]!.text('One more thing');
  await office.reply(june, 'We will.');

  // The rest of the minute, now and then somebody writes.
  let written = 0;
  await expect
    .poll(
      async () => {
        await OTHERS[written % 3]!.text(`Line ${++written}`);
        return Date.now() - since;
      },
      { timeout: MINUTE_MS + 20_000, intervals: [4_000] },
    )
    .toBeGreaterThan(MINUTE_MS);
  await cut.context().setOffline(false);

  await expect(cut.getByRole('log')).toContainText('We will.');
  for (const page of [cut, served]) {
    await likeFresh(page);
    await expect(page.locator('html')).toHaveAttribute('data-not-reloaded', '');
  }
  // And each message once.
  const texts = (await office.messages(june)).map(({ text }) => text);
  expect(texts.filter((text) => text !== 'Ring twice')).toEqual([
    'Are you there?',
    'I am at home all day',
    'We come at noon.',
    'We will.',
  ]);
  // The text that met the kill: once if the phone could send it at all, never twice.
  const met = texts.filter((text) => text === 'Ring twice').length;
  expect(met).toBeLessThanOrEqual(1);
  if (taken !== null) expect(met).toBe(1);
});
