// Templates, as the office uses and keeps them.
import type { Page } from '@playwright/test';

import { accessible, composer, expect, open, picture, test } from './inbox';
import { Somebody } from './office';

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Templates' });
const search = (page: Page) => dialog(page).getByRole('combobox', { name: 'Search templates…' });
const option = (page: Page, name: string) => dialog(page).getByRole('option', { name });
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

/** Somebody with a name, a job and a visit. */
async function booked(name: string, number: number): Promise<Somebody> {
  const somebody = await Somebody.named(name);
  const customer = (await somebody.row()).customer?.id;
  if (!customer) throw new Error('nobody is known');
  await somebody.office.job(customer, number, 'Boiler service');
  return somebody;
}

const windowThatCopies = { permissions: ['clipboard-read', 'clipboard-write'] };

test('a template is found, read as the customer will, copied and inserted', async ({ windowOf }) => {
  await booked('Tess Vane', 2201);
  const page = await windowOf('office', windowThatCopies);
  await open(page, 'Tess Vane');
  await page.getByRole('log').click();
  await page.keyboard.press('t');
  await expect(search(page)).toBeFocused();
  await expect(dialog(page).getByRole('option')).toHaveCount(15);
  const categories = dialog(page).getByRole('group', { name: 'Categories' }).getByRole('button');
  await expect(categories.first()).toHaveText(/^All\s*15$/);
  await search(page).fill('job finished choosing');
  await expect(dialog(page).getByRole('option')).toHaveCount(1);
  // As many as there are to see, in each.
  await expect(categories.first()).toHaveText(/^All\s*1$/);
  await expect(categories.filter({ hasText: /\D1$/ })).toHaveCount(2);
  await expect(categories.filter({ hasText: /\D0$/ })).toHaveCount(4);
  const preview = dialog(page).getByRole('region', { name: 'How Tess will read it' });
  await expect(preview).toContainText('Hi Tess, job #2201 (Boiler service) is finished.');
  await accessible(page);
  await picture(page, 'templates');
  await search(page).press('Enter');
  await expect(
    dialog(page).getByText('Template copied to clipboard! Paste it in the message box.'),
  ).toBeVisible();
  expect(await clipboard(page)).toContain('Hi Tess, job #2201');
  await dialog(page).getByRole('button', { name: 'Insert' }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(composer(page)).toHaveValue(/^Hi Tess, job #2201 \(Boiler service\) is finished\./);
});

test('a template goes to the cursor and one undo takes away exactly that', async ({ windowOf }) => {
  await booked('Uma Ford', 2202);
  const page = await windowOf('office', windowThatCopies);
  await open(page, 'Uma Ford');
  await composer(page).fill('Before. After.');
  await composer(page).press('Home');
  for (let n = 0; n < 8; n++) await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: /^Templates/ }).click();
  await dialog(page).getByRole('button', { name: 'Payment Reminder' }).click();
  await search(page).press('ArrowDown');
  await search(page).press('ArrowDown');
  await expect(dialog(page).getByRole('option', { selected: true })).toContainText('Payment received');
  await expect(dialog(page).getByRole('region', { name: 'How Uma will read it' })).toContainText('Hi Uma');
  await search(page).press('Control+Enter');
  await expect(composer(page)).toHaveValue(/^Before\. Hi Uma, your payment has arrived.*After\.$/);
  await page.keyboard.press('Control+z');
  await expect(composer(page)).toHaveValue('Before. After.');
});

test('a slash finds templates by shortcut, and a message that begins so is a message', async ({
  windowOf,
}) => {
  const { id, office } = await booked('Vera Lind', 2203);
  const page = await windowOf('office');
  await open(page, 'Vera Lind');
  const menu = page.getByRole('listbox', { name: 'Templates by shortcut' });
  await composer(page).pressSequentially('see /pai');
  await expect(menu).toHaveCount(0);
  await composer(page).fill('');
  await composer(page).pressSequentially('/pai');
  await expect(menu.getByRole('option')).toHaveCount(1);
  await picture(page, 'template-shortcuts');
  await page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await expect(composer(page)).toHaveValue('/pai');
  await composer(page).fill('');
  await composer(page).pressSequentially('/pai');
  await expect(menu).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(composer(page)).toHaveValue(/^Hi Vera, your payment has arrived/);
  await page.keyboard.press('Control+z');
  await expect(composer(page)).toHaveValue('/pai');
  await composer(page).fill('');
  await composer(page).pressSequentially('/zzz is fine');
  await page.keyboard.press('Enter');
  await expect
    .poll(async () => (await office.messages(id)).map(({ text }) => text))
    .toContain('/zzz is fine');
});

test('what is not filled in is marked, and sending asks once', async ({ windowOf }) => {
  const { id, office } = await Somebody.named('Wim Hart');
  const page = await windowOf('office');
  await open(page, 'Wim Hart');
  await composer(page).pressSequentially('/invoice');
  await page.keyboard.press('Enter');
  await expect(composer(page)).toHaveValue(/job #\{\{jobNumber\}\} comes to \{\{jobAmount\}\}/);
  await expect(page.getByText('Not filled in: {{jobNumber}} and {{jobAmount}}')).toBeVisible();
  await expect(page.locator('.sheet mark')).toHaveCount(2);
  await accessible(page);
  await picture(page, 'template-unresolved');
  await composer(page).press('Enter');
  const asked = page.getByRole('dialog', { name: 'Send it as it is?' });
  await expect(asked).toContainText('{{jobNumber}} and {{jobAmount}}');
  await asked.getByRole('button', { name: 'Back to the message' }).click();
  expect((await office.messages(id)).length).toBe(1);
  await composer(page).fill('As {{constructor}} and {braces}');
  await composer(page).press('Enter');
  await expect.poll(async () => (await office.messages(id)).length).toBe(2);
  await composer(page).fill('As {{ jobNumber }} it is');
  await composer(page).press('Enter');
  await asked.getByRole('button', { name: 'Send as it is' }).click();
  await expect.poll(async () => (await office.messages(id)).at(-1)?.text).toBe('As {{ jobNumber }} it is');
});

test('a browser that does not copy says so, and Insert is there', async ({ windowOf }) => {
  await booked('Xia Moor', 2204);
  const page = await windowOf('office');
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', {
      value: { writeText: () => Promise.reject(new Error('refused')) },
    });
  });
  await page.reload();
  await open(page, 'Xia Moor');
  await page.getByRole('button', { name: /^Templates/ }).click();
  await option(page, 'Payment received').click();
  await expect(dialog(page).getByRole('alert')).toContainText('Insert puts it into the message');
  await dialog(page).getByRole('button', { name: 'Insert' }).click();
  await expect(composer(page)).toHaveValue(/^Hi Xia, your payment has arrived/);
});

test('the office keeps templates, sees them filled in, and loses nothing by leaving', async ({
  windowOf,
}) => {
  await booked('Yan Cole', 2205);
  const [page, other] = [await windowOf('admin'), await windowOf('office')];
  await page.goto('/settings/templates');
  await expect(page.getByRole('heading', { name: 'Message Templates' })).toBeVisible();
  await accessible(page);
  await picture(page, 'settings-templates');
  await page.getByRole('button', { name: 'New template' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Gate <b>code</b>');
  await page.getByLabel('Category', { exact: true }).fill('Getting in');
  await page.getByLabel('Shortcut', { exact: true }).fill('/OMW');
  await page
    .getByLabel('Text', { exact: true })
    .fill('Hi {{customerName}}, is {{warranty}} right? $& \u202e{{{{');
  await expect(page.getByText('Unknown, goes out as written: {{warranty}}')).toBeVisible();
  await page.getByLabel('Shown for').selectOption({ label: 'Yan Cole' });
  await expect(page.getByRole('region', { name: 'Preview' })).toContainText(
    'Hi Yan Cole, is {{warranty}} right? $&',
  );
  await picture(page, 'settings-template-edit');
  await accessible(page);
  await page.getByRole('link', { name: 'Conversations' }).first().click();
  await page.goto('/settings/templates');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Gate <b>code</b>');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('Technician on the way');
  await page.getByLabel('Shortcut', { exact: true }).fill('/gate');
  await other.goto('/settings/templates');
  await expect(other.getByRole('heading', { name: 'Welcome Message' })).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Template saved')).toBeVisible();
  await expect(other.getByText('Gate <b>code</b>', { exact: true })).toBeVisible({ timeout: 5000 });
  await page.getByRole('button', { name: 'Delete “Gate <b>code</b>”' }).click();
  await expect(other.getByText('Gate <b>code</b>', { exact: true })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(other.getByText('Gate <b>code</b>', { exact: true })).toBeVisible();
  const first = page.locator('[data-template]').first();
  await expect(first).toContainText('Appointment confirmed');
  await first.getByRole('button', { name: /down$/ }).press('Alt+ArrowDown');
  await expect(page.locator('[data-template]').first()).toContainText('Technician on the way');
  await expect(other.locator('[data-template]').nth(1)).toContainText('Appointment confirmed');
  const offered = page.getByRole('switch', { name: 'Offered: jobTitle' });
  await offered.click();
  await expect(offered).toHaveAttribute('aria-checked', 'false');
});
