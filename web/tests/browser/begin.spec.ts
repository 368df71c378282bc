// Somebody new: found or typed, with how they agreed, once; and what is said about being texted, decided by a person.
import { readFile } from 'node:fs/promises';

import { accessible, composer, expect, laidOut, listOf, open, picture, rowOf, test } from './inbox';
import { Office, Somebody } from './office';
import { Phone } from './phones';

test.describe.configure({ mode: 'serial' });

test('a typed number becomes a conversation, with how they agreed, and is selected at once', async ({
  windowOf,
}) => {
  const [page, ben] = [await windowOf('admin'), await windowOf('office')];
  await page.goto('/conversations');
  await page.getByRole('button', { name: 'New Conversation' }).click();
  const dialog = page.getByRole('dialog', { name: 'New Conversation' });
  await dialog.getByRole('combobox').fill('207 555 0196');
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await expect(dialog.getByRole('option').first()).toContainText('United States');
  await picture(page, 'new-conversation-found');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('+12075550196')).toBeVisible();
  await dialog.getByRole('button', { name: 'Start Conversation' }).click();
  await expect(dialog.getByRole('alert')).toContainText('how they agreed');
  await dialog.getByLabel('They asked by phone').check();
  await dialog.getByLabel('Their name').fill('Noa Fresh');
  await dialog.getByLabel('First text').fill('Hi, this is Ana. You called about a dripping boiler.');
  await accessible(page);
  await laidOut(page);
  await picture(page, 'new-conversation');
  // Nothing that was typed is lost by a stray click, nor by closing.
  await page.mouse.click(5, 5);
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.keyboard.press('n');
  await expect(dialog.getByLabel('First text')).toHaveValue(/dripping boiler/);
  await dialog.getByRole('button', { name: 'Start Conversation' }).dblclick();
  await expect(page.locator('.toast')).toContainText('Conversation started!');
  await expect(composer(page)).toBeVisible();
  await expect(rowOf(page, 'Noa Fresh')).toContainText('Hi, this is Ana');
  await expect(rowOf(ben, 'Noa Fresh')).toContainText('Hi, this is Ana');
  await expect.poll(() => new Phone('+12075550196').accepted()).toHaveLength(1);
});

test('a first text that was not filled in is asked about before it leaves', async ({ windowOf }) => {
  const page = await windowOf('office');
  await page.goto(`/new?contact=${encodeURIComponent('+12075550195')}&name=Una%20Filled`);
  const dialog = page.getByRole('dialog', { name: 'New Conversation' });
  await expect(dialog.getByText('+12075550195')).toBeVisible();
  await dialog.getByLabel('They asked by phone').check();
  await dialog.getByLabel('First text').fill('Job {{jobNumber}} is done, says {{constructor}}.');
  const asked = page.getByRole('dialog', { name: 'Send it as it is?' });
  await dialog.getByRole('button', { name: 'Start Conversation' }).click();
  await expect(asked).toContainText('{{jobNumber}}');
  await expect(asked).not.toContainText('constructor');
  await accessible(page);
  await page.keyboard.press('Escape');
  await expect(asked).toHaveCount(0);
  await expect(dialog.getByLabel('First text')).toHaveValue(/jobNumber/);
  await dialog.getByRole('button', { name: 'Start Conversation' }).click();
  await asked.getByRole('button', { name: 'Send as it is' }).click();
  await expect(page.locator('.toast')).toContainText('Conversation started!');
  await expect.poll(() => new Phone('+12075550195').accepted()).toHaveLength(1);
});

test('a number that is in a thread leads there, and a number that is none is refused in words', async ({
  windowOf,
}) => {
  const somebody = await Somebody.named('Ivy Known');
  const page = await windowOf('office');
  await page.goto('/conversations');
  await expect(listOf(page)).toBeVisible();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New Conversation' });
  for (const [typed, words] of [
    ['555 0142', 'area code is missing'],
    ['0044 20 7946 0958', 'Write + instead of 00'],
    ['+1 900 555 0142', 'premium'],
    ['24273', 'short code'],
  ] as const) {
    await dialog.getByRole('combobox').fill(typed);
    await expect(dialog.getByText(words)).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('combobox')).toHaveValue(typed);
  }
  // Nobody is chosen by a part.
  await dialog.getByRole('combobox').fill('Ivy Kn');
  await expect(dialog.getByRole('option', { name: /Ivy Known/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('option', { name: /Ivy Known/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('You already have a conversation with Ivy Known.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Open it' }).click();
  await expect(page).toHaveURL(new RegExp(somebody.id));
});

test('a link names whom it is to', async ({ windowOf }) => {
  const page = await windowOf('office');
  await page.goto(`/new?contact=${encodeURIComponent('+12075550197')}&name=Wes%20Link`);
  const dialog = page.getByRole('dialog', { name: 'New Conversation' });
  await expect(dialog.getByText('+12075550197')).toBeVisible();
  await expect(dialog.getByLabel('Their name')).toHaveValue('Wes Link');
  await expect(page).toHaveURL(/\/conversations/);
});

test('a sentence that seems to ask for no more texts is decided by a person, for all', async ({
  windowOf,
}) => {
  const somebody = await Somebody.named('Mo Enough');
  const [ana, ben] = [await windowOf('admin'), await windowOf('office')];
  await Promise.all([ana, ben].map((page) => open(page, 'Mo Enough')));
  await somebody.phone.text('please stop texting me');
  for (const page of [ana, ben])
    await expect(page.getByText('They may be asking you to stop.')).toBeVisible();
  await accessible(ana);
  await picture(ana, 'consent-doubt');
  await ana.getByRole('button', { name: 'No, keep texting' }).click();
  for (const page of [ana, ben]) await expect(composer(page)).toBeVisible();
  await somebody.phone.text('I said stop texting me');
  await ben.getByRole('button', { name: 'They asked to stop' }).click();
  for (const page of [ana, ben]) await expect(page.getByText('Mo opted out of texts.')).toBeVisible();
  const beside = ben.getByRole('complementary', { name: 'Customer' });
  await beside.getByText('Activity', { exact: true }).click();
  await expect(beside.getByRole('listitem').filter({ hasText: 'The customer texted' })).toHaveCount(3);
  await expect(beside.getByText('Asked for no more texts', { exact: true })).toBeVisible();
  await accessible(ben);
  await ana.getByRole('link', { name: 'Consent history' }).first().click();
  await expect(ana.getByRole('heading', { name: /^Consent:/ })).toBeVisible();
  const entries = ana.getByRole('listitem').filter({ hasText: 'stop texting me' });
  await expect(entries).toHaveCount(2);
  await ana.getByText('Record what they said').click();
  await ana.getByLabel('How did they say it?').fill('By phone');
  await accessible(ana);
  await picture(ana, 'consent-history');
  await ana.getByRole('button', { name: 'Record it' }).click();
  await expect(ana.getByText('Texts are on', { exact: true })).toBeVisible();
  await expect(composer(ben)).toBeVisible();
  const office = await Office.signIn();
  expect((await office.get(somebody.id)).state).toBe('open');
});

test('all that was said about texting somebody is handed out as a file, and on paper', async ({
  windowOf,
}) => {
  const somebody = await Somebody.named('Pru Paper');
  await somebody.phone.text('STOP');
  await somebody.phone.text('START');
  const page = await windowOf('admin');
  await page.goto(`/consent/${encodeURIComponent(somebody.phone.number)}`);
  const entries = page.getByRole('listitem').filter({ hasText: /STOP|START/ });
  await expect(entries).toHaveCount(2);

  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download as JSON' }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe(`consent-${somebody.phone.number.slice(1)}.json`);
  type Ledger = { contact: string; entries: { act: string; source: string }[] };
  const ledger = JSON.parse(await readFile(await file.path(), 'utf8')) as Ledger;
  expect(ledger.entries.map(({ act, source }) => [act, source])).toEqual([
    ['revoke', 'stop'],
    ['grant', 'start'],
  ]);

  await page.emulateMedia({ media: 'print' });
  for (const entry of await entries.all()) await expect(entry).toBeVisible();
  await expect(page.getByText(`Consent history of ${somebody.phone.number}`)).toBeVisible();
  // Nothing of the window: no way to elsewhere, nothing to press or to fill in, nothing that is cut off.
  for (const role of ['navigation', 'link', 'button', 'textbox', 'radio'] as const)
    await expect(page.getByRole(role)).toHaveCount(0);
  const cut = await entries.last().evaluate((entry) => {
    const around: Element[] = [];
    for (let one = entry.parentElement; one; one = one.parentElement) around.push(one);
    return around
      .filter((one) => one.scrollHeight > one.clientHeight && getComputedStyle(one).overflowY !== 'visible')
      .map((one) => `${one.tagName}.${one.className}`);
  });
  expect(cut).toEqual([]);
  await page.emulateMedia({ media: null });
});
