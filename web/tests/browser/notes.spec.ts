// Words to colleagues in a customer's thread, who is named in them, and who looks: two people at two browsers, and one
// person at two windows.
import type { Page } from '@playwright/test';

import { accessible, composer, expect, laidOut, open, picture, rowOf, test, write } from './inbox';
import { Office, Somebody } from './office';

const tab = (page: Page) => page.getByRole('button', { name: 'Internal note', exact: true });
const box = (page: Page) => page.getByRole('textbox', { name: /^Internal note about/ });
const save = (page: Page) => page.getByRole('button', { name: /^Save note/ });
const crew = (page: Page) => page.getByRole('switch', { name: 'Crew sees it' });
const note = (page: Page, text: string) =>
  page
    .getByRole('log')
    .getByRole('region', { name: /^Internal note/ })
    .filter({ hasText: text });

test('a note is on a colleague’s screen, looks like no message, and reaches no phone', async ({
  windowOf,
}) => {
  const { phone, office, id } = await Somebody.named('Nora Note');
  const [ben, ana] = [await windowOf('office'), await windowOf('admin')];
  await open(ben, 'Nora Note');
  await open(ana, 'Nora Note');
  await tab(ben).click();
  await expect(box(ben)).toBeVisible();
  await expect(ben.getByText('Customers never see this').first()).toBeVisible();
  await box(ben).fill('Pays late, be **kind**');
  await accessible(ben);
  await laidOut(ben);
  await picture(ben, 'note-writing');
  await box(ben).press('Enter');
  await expect(note(ben, 'Pays late, be kind')).toBeVisible();
  await expect(box(ben)).toHaveValue('');
  await expect(note(ana, 'Pays late, be kind')).toBeVisible();
  await expect(note(ana, 'customers never see this')).toBeVisible();
  await expect(rowOf(ana, 'Nora Note').first()).toContainText('Pays late');
  expect((await office.get(id)).attention, 'it settles nothing').toBe(true);
  await picture(ana, 'note-read');
  await write(ana, 'We come at two');
  await expect(async () => expect(await phone.received()).toEqual(['We come at two'])).toPass();
});

test('words to the customer and words to colleagues are never mixed, in any window of their writer', async ({
  windowOf,
}) => {
  await Somebody.named('Tess Twotabs');
  const [desk, phone] = [await windowOf('office'), await windowOf('office')];
  await open(desk, 'Tess Twotabs');
  await open(phone, 'Tess Twotabs');
  await composer(desk).fill('Dear Tess,');
  await tab(desk).click();
  await expect(box(desk)).toHaveValue('');
  await box(desk).fill('She is new');
  await expect(composer(phone)).toHaveValue('Dear Tess,');
  await tab(phone).click();
  await expect(box(phone)).toHaveValue('She is new');
  await crew(desk).check();
  await box(phone).press('Enter');
  await expect(box(phone)).toHaveValue('');
  await expect(box(desk)).toHaveValue('');
  await expect(crew(desk), 'the next note is another').not.toBeChecked();
  await desk.getByRole('button', { name: 'Reply', exact: true }).click();
  await expect(composer(desk)).toHaveValue('Dear Tess,');
});

test('a colleague is named by the keyboard, and is told where they are', async ({ windowOf }) => {
  const { id } = await Somebody.named('Mina Mention');
  const office = await Office.signIn('admin');
  const me = await office.ask<{ id: string; name: string }>('GET', '/api/me');
  const [ben, ana] = [await windowOf('office'), await windowOf('admin')];
  await open(ben, 'Mina Mention');
  await tab(ben).click();
  await box(ben).pressSequentially(`mail a@b.example (@${me.name.slice(0, 2).toLowerCase()}`);
  const people = ben.getByRole('listbox', { name: 'Colleagues' });
  await expect(people.getByRole('option').first()).toContainText(me.name);
  await accessible(ben);
  await picture(ben, 'note-mention');
  await box(ben).press('Enter');
  await expect(box(ben)).toHaveValue(`mail a@b.example (@${me.name} `);
  await box(ben).pressSequentially('please)');
  await box(ben).press('Enter');
  await expect(note(ben, 'please')).toBeVisible();
  await expect(note(ben, 'please').locator('.at')).toHaveText(`@${me.name}`);
  await expect(ana.getByText(/mentioned you: Mina Mention/)).toBeVisible();
  await expect(rowOf(ana, 'Mina Mention').first()).toContainText('You are mentioned');
  await picture(ana, 'note-mentioned');
  await ana.goto(`/conversations/${id}`);
  await expect(note(ana, 'please')).toBeVisible();
  await expect(box(ana), 'who arrives by a note writes a note').toBeVisible();
  await expect(rowOf(ana, 'Mina Mention').first()).not.toContainText('You are mentioned');
});

test('somebody who could not read it is not told, and the writer learns of it before', async ({
  windowOf,
}) => {
  const { office, id } = await Somebody.named('Uma Untold');
  const me = await office.ask<{ staff: { name: string; role: string }[] }>('GET', '/api/me');
  const technician = me.staff.find(({ role }) => role === 'technician')?.name ?? '';
  const ben = await windowOf('office');
  await open(ben, 'Uma Untold');
  await tab(ben).click();
  await box(ben).fill(`@${technician} and @Zebedee, look at this`);
  await expect(ben.getByText('does not see this conversation and will not be told.')).toBeVisible();
  await expect(ben.getByText('Nobody here is called “Zebedee”')).toBeVisible();
  await accessible(ben);
  await laidOut(ben);
  await picture(ben, 'note-untold');
  await box(ben).press('Enter');
  await expect(note(ben, 'look at this')).toBeVisible();
  await expect
    .poll(async () => (await office.messages(id)).at(-1))
    .toMatchObject({ kind: 'note', mentions: [] });
});

test('a note of 10,000 characters says by how much it is too long, and is kept until it is cut', async ({
  windowOf,
}) => {
  const { office, id } = await Somebody.named('Lola Long');
  const ben = await windowOf('office');
  await open(ben, 'Lola Long');
  await tab(ben).click();
  await expect(box(ben), 'who turns to it writes').toBeFocused();
  await box(ben).fill('é'.repeat(10_000));
  await expect(save(ben)).toHaveAccessibleName('Save note . Not now: it is too long by 5,000');
  await box(ben).press('Enter');
  await expect(box(ben)).toHaveValue('é'.repeat(10_000));
  await expect(ben.getByText('Draft saved')).toBeVisible();
  await laidOut(ben);
  await ben.reload();
  await tab(ben).click();
  await expect(box(ben)).toHaveValue('é'.repeat(10_000));
  await box(ben).fill('é'.repeat(5000));
  await save(ben).click();
  await expect(box(ben)).toHaveValue('');
  await expect(note(ben, 'ééé')).toBeVisible();
  await expect
    .poll(async () => (await office.messages(id)).at(-1))
    .toMatchObject({ kind: 'note', text: 'é'.repeat(5000) });
});

test('on a phone in the dark, a note is marked for the crew, and what the reply has is its own', async ({
  windowOf,
}) => {
  const { office, id } = await Somebody.named('Pia Phone');
  const ben = await windowOf('office', {
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
    hasTouch: true,
    isMobile: true,
  });
  await ben.goto(`/conversations/${id}`);
  await composer(ben).fill('Dear Pia,');
  await tab(ben).tap();
  await box(ben).fill('The gate code is 1234');
  await crew(ben).check();
  await ben.getByRole('button', { name: 'Reply', exact: true }).tap();
  await expect(composer(ben)).toHaveValue('Dear Pia,');
  await tab(ben).tap();
  await expect(box(ben)).toHaveValue('The gate code is 1234');
  await expect(crew(ben)).toBeChecked();
  await accessible(ben);
  await laidOut(ben);
  await picture(ben, 'phone-note-dark');
  await save(ben).tap();
  await expect(note(ben, 'The gate code is 1234')).toContainText('for the crew');
  await expect(crew(ben), 'each note says so').not.toBeChecked();
  await picture(ben, 'phone-note-read-dark');
  await expect
    .poll(async () => (await office.messages(id)).at(-1))
    .toMatchObject({ kind: 'note', crew: true });
});

test('who looks and who types is seen by the other, in the thread and in the list', async ({ windowOf }) => {
  await Somebody.named('Lena Look');
  const [ben, ana] = [await windowOf('office'), await windowOf('admin')];
  await open(ben, 'Lena Look');
  await ben.mouse.move(300, 300);
  await expect(rowOf(ana, 'Lena Look').first().locator('.here')).toContainText('is here');
  await open(ana, 'Lena Look');
  await expect(ana.getByRole('banner').or(ana.locator('.bar')).locator('.here').first()).toBeVisible();
  await composer(ben).pressSequentially('We will');
  // Of one person others are told once in five seconds.
  await expect(ana.locator('.bar .here')).toContainText('is typing', { timeout: 20_000 });
  await accessible(ana);
  await picture(ana, 'presence');
  await ben.goto('/');
  // Nobody tells that somebody has gone: it holds for ten seconds.
  await expect(ana.locator('.bar .here')).toBeHidden({ timeout: 20_000 });
  await expect(rowOf(ana, 'Lena Look').first().locator('.here')).toBeHidden();
});
