// Later and again: texts at a time to come, taken back, changed and sent at once; snooze, pin, undo of a send. The browser
// is in another zone than the business.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { composer, expect, open, picture, rowOf, rows, test } from './inbox';
import { Somebody } from './office';

const AWAY = { timezoneId: 'Asia/Tokyo', viewport: { width: 1280, height: 800 } };
const planned = (page: Page) => page.getByRole('region', { name: 'Scheduled' });

/** Writes, and asks for a later time. */
async function later(page: Page, words: string): Promise<void> {
  await composer(page).fill(words);
  await page.getByRole('button', { name: 'Send later…' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
}

test('a text is planned by the business’s clock, seen by all, changed, and sent at once', async ({
  windowOf,
}) => {
  const { id, office } = await Somebody.named('Sky Later');
  const [ana, ben] = [await windowOf('admin', AWAY), await windowOf('office')];
  for (const page of [ana, ben]) await open(page, 'Sky Later');
  await later(ana, 'See you on Monday.');
  await picture(ana, 'later-when');
  expect((await new AxeBuilder({ page: ana }).analyze()).violations).toEqual([]);
  await ana.getByLabel('Date and time (Eastern Time)').fill('2027-03-14T02:30');
  await expect(ana.getByRole('dialog')).toContainText('this time does not exist');
  await ana.getByLabel('Date and time (Eastern Time)').fill('2027-03-15T09:00');
  await ana.getByRole('dialog').getByRole('button', { name: 'Schedule', exact: true }).click();
  await expect(ana.getByRole('dialog')).toBeHidden();
  await expect(composer(ana)).toHaveValue('');
  for (const page of [ana, ben]) await expect(planned(page)).toContainText('Mon, Mar 15, 9:00');
  const [waits] = (await office.messages(id)).filter(({ status }) => status === 'scheduled') as unknown as {
    schedule: { send_at: string };
  }[];
  expect(waits?.schedule.send_at).toBe('2027-03-15T13:00:00.000Z');
  await picture(ana, 'later-planned');

  await planned(ben).getByRole('button', { name: 'Edit' }).click();
  await ben.getByLabel('What it says').fill('See you on Tuesday.');
  await ben.getByRole('button', { name: 'Save' }).click();
  await expect(ben.getByRole('dialog')).toBeHidden();
  await expect(planned(ana)).toContainText('See you on Tuesday.');
  await planned(ana).getByRole('button', { name: 'Send now' }).click();
  for (const page of [ana, ben]) {
    await expect(planned(page)).toBeHidden();
    await expect(page.getByRole('log').getByText('See you on Tuesday.')).toBeVisible();
  }
});

test('what is planned is taken back, and its words are in the composer again', async ({ windowOf }) => {
  await Somebody.named('Tao Back');
  const page = await windowOf('office', AWAY);
  await open(page, 'Tao Back');
  await later(page, 'Never mind.');
  await page.getByRole('button', { name: /^Tomorrow at 8 AM/ }).click();
  await expect(planned(page)).toContainText('Never mind.');
  await planned(page).getByRole('button', { name: 'Take back' }).click();
  await expect(planned(page)).toBeHidden();
  await expect(composer(page)).toHaveValue('Never mind.');
});

test('a time that has passed is refused in words, and nothing is lost', async ({ windowOf }) => {
  await Somebody.named('Pia Past');
  const page = await windowOf('office', AWAY);
  await open(page, 'Pia Past');
  await later(page, 'Too late.');
  await page.getByLabel('Date and time (Eastern Time)').fill('2020-01-01T09:00');
  await expect(page.getByRole('dialog')).toContainText('This time has passed');
  await page.keyboard.press('Escape');
  await expect(composer(page)).toHaveValue('Too late.');
});

test('an edit of what is planned asks what was not filled in, and lets no other time that has passed stand', async ({
  windowOf,
}) => {
  const { id, office } = await Somebody.named('Eda Edit');
  const page = await windowOf('office', AWAY);
  await open(page, 'Eda Edit');
  await later(page, 'Your job is done.');
  const date = page.getByLabel('Date and time (Eastern Time)');
  // The same time next year is the last, by the business's calendar.
  const at = Date.now() + 60_000;
  const wall = new Date(at).toLocaleString('sv-SE', { timeZone: 'America/New_York' }).replace(' ', 'T');
  const next = `${Number(wall.slice(0, 4)) + 1}${wall.slice(4, 10)}`;
  await date.fill(`${next}T23:59`);
  if (wall.slice(11, 16) < '23:58')
    await expect(page.getByRole('dialog')).toContainText('more than a year ahead');
  await date.fill(`${next}T00:00`);
  await page.getByRole('dialog').getByRole('button', { name: 'Schedule', exact: true }).click();
  await expect(planned(page)).toContainText('Your job is done.');
  await planned(page).getByRole('button', { name: 'Edit' }).click();
  const editor = page.getByRole('dialog', { name: /Eda Edit/ });
  const save = editor.getByRole('button', { name: 'Save' });
  await date.fill('2020-01-01T09:00');
  await expect(editor).toContainText('This time has passed');
  await expect(save).toHaveAttribute('aria-disabled', 'true');
  await date.fill(`${next}T00:00`);
  await editor.getByLabel('What it says').fill('Job {{jobNumber}} is done.');
  await save.click();
  const asked = page.getByRole('dialog', { name: 'Send it as it is?' });
  await expect(asked).toContainText('{{jobNumber}}');
  await asked.getByRole('button', { name: 'Back to the message' }).click();
  await expect(asked).toHaveCount(0);
  await expect(editor.getByLabel('What it says')).toHaveValue('Job {{jobNumber}} is done.');
  expect((await office.messages(id)).at(-1)?.text).toBe('Your job is done.');
  await save.click();
  await asked.getByRole('button', { name: 'Send as it is' }).click();
  await expect(editor).toHaveCount(0);
  await expect.poll(async () => (await office.messages(id)).at(-1)?.text).toBe('Job {{jobNumber}} is done.');
});

test('a conversation is put off for all, and Done or a word of the customer ends it', async ({
  windowOf,
}) => {
  const somebody = await Somebody.named('Sno Ozer');
  const [ana, ben] = [await windowOf('admin', AWAY), await windowOf('office')];
  await open(ana, 'Sno Ozer');
  await expect(rowOf(ben, 'Sno Ozer')).toContainText('waits');
  await composer(ana).blur();
  await ana.keyboard.press('h');
  await picture(ana, 'snooze');
  await ana.getByRole('button', { name: /^In 3 hours/ }).click();
  await expect(rowOf(ben, 'Sno Ozer')).not.toContainText('waits');
  await somebody.phone.text('Are you there?');
  await expect(rowOf(ben, 'Sno Ozer')).toContainText('waits');
});

test('what is put off already gets another time, or comes back', async ({ windowOf }) => {
  const { id, office } = await Somebody.named('Sal Again');
  const page = await windowOf('office', AWAY);
  await open(page, 'Sal Again');
  await page.getByRole('log').click();
  await page.keyboard.press('h');
  await page.getByRole('button', { name: /^Tomorrow at 8 AM/ }).click();
  type Put = { snoozed_until: string | null };
  const until = async () => (await office.ask<Put>('GET', `/api/conversations/${id}`)).snoozed_until;
  await expect.poll(until).not.toBeNull();
  const first = await until();
  await page.keyboard.press('h');
  await expect(page.getByRole('dialog')).toContainText('Snoozed until');
  await page.getByRole('button', { name: /^In 3 hours/ }).click();
  await expect.poll(until).not.toBe(first);
  // Undone, it is put off as it was.
  await page.locator('.toast').last().getByRole('button', { name: 'Undo' }).click();
  await expect.poll(until).toBe(first);
  await page.keyboard.press('h');
  await page.getByRole('button', { name: 'End the snooze' }).click();
  await expect.poll(until).toBeNull();
});

test('files go later with their words, and come back with them', async ({ windowOf }) => {
  const { id, office } = await Somebody.named('Fay Later');
  const page = await windowOf('office', AWAY);
  await open(page, 'Fay Later');
  await page.getByRole('button', { name: 'Attach a file' }).click();
  const chosen = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'browse' }).click();
  const buffer = Buffer.from('%PDF-1.7\n1 0 obj<</Author(Ana)>>endobj\n');
  await (await chosen).setFiles({ name: 'quote.pdf', mimeType: 'application/pdf', buffer });
  await page.getByRole('button', { name: 'Attach 1 file' }).click();
  const attached = page.getByRole('list', { name: 'Files of this message' });
  await expect(attached).toContainText('quote.pdf');
  await expect(attached).not.toContainText(/Getting it ready|uploaded/);
  await composer(page).fill('Here is the quote.');
  await page.getByRole('button', { name: 'Send later…' }).click();
  // What may tell more than meant is asked about before anything else.
  await page.getByRole('button', { name: 'Send as it is' }).click();
  await page.getByRole('button', { name: /^Tomorrow at 8 AM/ }).click();
  await expect(planned(page)).toContainText('Here is the quote.');
  await expect(attached).toHaveCount(0);
  const waits = (await office.messages(id)).at(-1) as unknown as { media: unknown[] };
  expect(waits.media).toHaveLength(1);
  await planned(page).getByRole('button', { name: 'Take back' }).click();
  await expect(composer(page)).toHaveValue('Here is the quote.');
  await expect(attached).toContainText('quote.pdf');
});

test('a pin is one’s own, in all of one’s windows', async ({ windowOf }) => {
  await Somebody.named('Pin First');
  await Somebody.named('Someone Newer');
  const [one, two, ben] = [await windowOf('admin'), await windowOf('admin'), await windowOf('office')];
  await open(one, 'Pin First');
  await composer(one).blur();
  // Under the pointer the list stands still.
  await one.mouse.move(900, 300);
  await one.keyboard.press('p');
  for (const page of [one, two]) await expect(rows(page).first()).toContainText('Pin First');
  await expect(rows(ben).first()).not.toContainText('Pin First');
  await one.keyboard.press('p');
  await expect(rows(two).first()).not.toContainText('Pin First');
});

test('a sent text can be taken back for five seconds where one likes that', async ({ windowOf }) => {
  const { id, office } = await Somebody.named('Una Undo');
  const page = await windowOf('office', AWAY);
  await page.evaluate(() => localStorage.setItem('porchlight.undo-sends', 'on'));
  await page.reload();
  await open(page, 'Una Undo');
  await composer(page).fill('Oh no');
  await composer(page).press('Enter');
  await page
    .locator('.toast')
    .filter({ hasText: 'Message sent' })
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect(composer(page)).toHaveValue('Oh no');
  await expect.poll(async () => (await office.messages(id)).at(-1)?.status).toBe('canceled');
  await composer(page).press('Enter');
  await expect
    .poll(async () => (await office.messages(id)).at(-1)?.status, { timeout: 20_000 })
    .toMatch(/sen|deliv/);
});
