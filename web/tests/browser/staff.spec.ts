// Who works here: an admin's page, the link by which somebody comes, and what becomes of their screen when an admin
// changes what they may.
import type { Page } from '@playwright/test';

import { ulid } from '../../src/app/ulid';
import { accessible, composer, expect, laidOut, open, picture, rowOf, system, test } from './inbox';
import { Office, Somebody } from './office';

interface Staff {
  staff: {
    id: string;
    name: string;
    role: string;
    full_chat_access: boolean;
    phone: string | null;
    disabled_at: string | null;
  }[];
}

const PASSWORD = 'a long enough password';

const settings = async (page: Page): Promise<void> => {
  await page.goto('/settings/staff');
  await expect(page.getByRole('heading', { name: 'Staff', exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'People' })).toBeVisible();
};

/** The switch of a person's permission. */
const access = (page: Page, name: string) =>
  page.getByRole('switch', { name: new RegExp(`^Allow full access to customer chats for ${name}`) });

test('somebody comes by a link, and what an admin takes is gone from their screen at once', async ({
  browser,
  windowOf,
  watched,
  wrong,
}) => {
  const { office, id } = await Somebody.named('Iris Invited');
  const admin = await windowOf('admin');
  await settings(admin);
  await expect(admin.getByText('Nobody is invited')).toBeVisible();
  await accessible(admin);
  await laidOut(admin);
  await picture(admin, 'staff');
  await admin.getByLabel('Their email').fill('nora@harbor.example');
  await admin.getByRole('checkbox', { name: 'Allow full access to customer chats' }).check();
  await admin.getByLabel('Their email').press('Enter');
  const link = new URL(await admin.getByLabel('Link for nora@harbor.example').inputValue());
  expect(link.hash.length, 'what makes it theirs is sent to no server').toBeGreaterThan(40);
  await expect(admin.getByRole('listitem').filter({ hasText: 'nora@harbor.example' })).toContainText(
    'Technician',
  );
  await accessible(admin);
  await laidOut(admin);
  await picture(admin, 'staff-invited');

  // Another browser: nobody has signed in there.
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  await watched(context, wrong);
  const nora = await context.newPage();
  const address = new URL(link.pathname + link.hash, system.url || admin.url()).href;
  await nora.goto(address);
  await expect(nora.getByRole('heading', { name: /^Join / })).toBeVisible();
  await expect(nora.getByLabel('Your name')).toBeFocused();
  await accessible(nora);
  await laidOut(nora);
  await picture(nora, 'phone-invite-dark');
  await nora.getByLabel('Your name').fill('Nora Newcomer');
  await nora.getByRole('textbox', { name: 'Choose a password' }).fill(PASSWORD);
  await nora.getByRole('textbox', { name: 'Choose a password' }).press('Enter');
  await expect(nora.getByRole('heading', { name: 'Conversations' })).toBeVisible();
  expect(new URL(nora.url()).hash).toBe('');
  await expect(admin.getByText('Nora Newcomer', { exact: true })).toBeVisible();
  await expect(admin.getByLabel('Link for nora@harbor.example'), 'a used link is none').toBeHidden();
  await expect(admin.getByText('Nobody is invited')).toBeVisible();

  const { staff } = await office.ask<Staff>('GET', '/api/staff');
  const her = staff.find(({ name }) => name === 'Nora Newcomer')!;
  await office.ask('PUT', `/api/conversations/${id}/participants/${her.id}`);
  await expect(rowOf(nora, 'Iris Invited').first(), 'added while she looks').toBeVisible();
  await open(nora, 'Iris Invited');
  await composer(nora).fill('We are on our');
  const kept = async () => {
    const answer = await nora.request.get(new URL(`/api/conversations/${id}`, address).href);
    return ((await answer.json()) as { draft: { text: string } | null }).draft?.text;
  };
  await expect.poll(kept).toBe('We are on our');

  await access(admin, 'Nora').click();
  await expect(access(admin, 'Nora')).not.toBeChecked();
  await expect(composer(nora), 'taken under her hands').toBeHidden();
  await expect(nora.getByText(/^Writing to customers is not switched on for you\. Ask /)).toBeVisible();
  await expect(nora.getByText('We are on our', { exact: true }), 'her words stay readable').toBeVisible();
  await access(admin, 'Nora').click();
  await expect(composer(nora)).toHaveValue('We are on our');

  await office.act(id, 'close');
  await expect(nora.getByRole('log')).toBeHidden();
  await office.act(id, 'reopen');
  await expect(nora.getByRole('log', { name: 'Messages with Iris Invited' })).toBeVisible();

  await admin.getByRole('button', { name: 'Sign out Nora Newcomer everywhere' }).click();
  await expect(admin.getByRole('button', { name: 'Leave it' })).toBeFocused();
  await accessible(admin);
  await admin.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(nora.getByText(/^Your session ended/)).toBeVisible();
  await nora.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await nora.getByRole('textbox', { name: 'Password' }).press('Enter');
  await expect(composer(nora), 'what she wrote is there').toHaveValue('We are on our');

  await admin.getByRole('button', { name: 'Disable Nora Newcomer' }).click();
  await admin.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await expect(nora.getByText(/^Your session ended/)).toBeVisible();
  await expect(admin.getByRole('button', { name: 'Enable Nora Newcomer' })).toBeVisible();
  await nora.goto(address);
  await expect(nora.getByRole('alert')).toContainText('Somebody has come by it');
  await accessible(nora);
  await context.close();
});

test('a role is chosen by the keyboard and saved by a button, and nobody takes the last admin away', async ({
  browser,
  windowOf,
  watched,
  wrong,
}) => {
  const office = await Office.signIn('admin');
  // Somebody of this test's own: others sign in as the office meanwhile.
  const wanted = { id: ulid(), email: `omar.${Date.now()}@harbor.example`, role: 'office' };
  const { link } = await office.ask<{ link: string }>('POST', '/api/invites', wanted);
  const context = await browser.newContext();
  await watched(context, wrong);
  const name = `Omar ${wanted.id.slice(-6)}`;
  const coming = { token: new URL(link).hash.slice(1), name, password: PASSWORD };
  const joined = await context.request.post(`${system.url}/api/invites/accept`, { data: coming });
  const { id } = ((await joined.json()) as { me: { id: string } }).me;
  const omar = await context.newPage();
  await omar.goto(`${system.url}/conversations`);
  const me = await office.ask<{ name: string }>('GET', '/api/me');
  const roleNow = async () =>
    (await office.ask<Staff>('GET', '/api/staff')).staff.find((one) => one.id === id)?.role;
  const admin = await windowOf('admin', {
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
    hasTouch: true,
    isMobile: true,
  });
  await settings(admin);
  await accessible(admin);
  await laidOut(admin);
  await picture(admin, 'phone-staff-dark');
  await expect(admin.getByRole('combobox', { name: `Role of ${me.name}` })).toBeDisabled();
  await expect(admin.getByText('The only admin: make somebody else one first.')).toBeVisible();

  const role = admin.getByRole('combobox', { name: `Role of ${name}` });
  const save = admin.getByRole('button', { name: `Save the role of ${name}` });
  await role.focus();
  await admin.keyboard.press('ArrowUp');
  await expect(role).toHaveValue('technician');
  await expect(save).toBeVisible();
  expect(await roleNow(), 'a step by the arrow keys saves nothing').toBe('office');
  await admin.keyboard.press('Tab');
  await expect(save).toBeFocused();
  await admin.keyboard.press('Enter');
  await expect(admin.getByText(`${name}: Technician, from now on.`)).toBeVisible();
  expect(await roleNow()).toBe('technician');
  await expect(
    omar.getByRole('region', { name: 'Conversations', exact: true }).getByRole('listitem'),
    'whoever is no longer of the office sees no more than their own',
  ).toHaveCount(0);

  await role.selectOption('office');
  await save.click();
  await expect(
    omar.getByRole('region', { name: 'Conversations', exact: true }).getByRole('listitem').first(),
  ).toBeVisible();
  await omar.goto(`${system.url}/settings/staff`);
  await expect(omar.getByText('This page does not exist')).toBeVisible();
  await context.close();
});

test('an admin says what a colleague’s own phone is, by keys too, and is told whose it is already', async ({
  windowOf,
}) => {
  const office = await Office.signIn();
  const { staff } = await office.ask<Staff>('GET', '/api/staff');
  const { name, phone } = staff.findLast(
    (one) => one.role === 'technician' && one.phone && !one.disabled_at,
  )!;
  const admin = await windowOf('admin');
  await settings(admin);
  const row = admin.getByRole('listitem').filter({ hasText: name });
  const shown = (await row.locator('.num').textContent())!;
  const change = admin.getByRole('button', { name: `Change the phone of ${name}` });
  const add = admin.getByRole('button', { name: `Add the phone of ${name}` });
  const field = admin.getByLabel(`Own phone of ${name}`);
  await change.focus();
  await admin.keyboard.press('Enter');
  await expect(field).toBeFocused();
  await admin.keyboard.press('Escape');
  await expect(change).toBeFocused();
  await admin.keyboard.press('Enter');
  await accessible(admin);
  await laidOut(admin);
  await admin.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(admin.getByText(`The business has no phone of ${name} any more.`)).toBeVisible();
  await expect(add).toBeFocused();
  await admin.keyboard.press('Enter');
  await field.fill('123');
  await field.press('Enter');
  await expect(admin.getByText(/^That did not go through: /)).toBeVisible();
  await expect(field, 'what was typed is there to be mended').toHaveValue('123');
  await field.fill(shown);
  await field.press('Enter');
  await expect(admin.getByText(`The phone of ${name} is saved.`)).toBeVisible();
  await expect(change).toBeFocused();
  const now = (await office.ask<Staff>('GET', '/api/staff')).staff.find((one) => one.name === name);
  expect(now?.phone, 'as it is typed, it is the same').toBe(phone);
});
