// What is on a screen only for a while, or when something is amiss.
import type { Page } from '@playwright/test';

import { bubble, composer, expect, fillSignIn, rowOf, rows, signIn, userOf, type Look } from './inbox';
import { Somebody } from './office';
import { breakNext } from './phones';

/** `family`: of the customers that are made for it. */
export async function states(page: Page, look: Look, maria: string, family: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Email').fill(userOf('office').email);
  await page.getByRole('textbox', { name: 'Password' }).fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('don’t match');
  await look('sign-in-wrong');
  await signIn(page, 'office');
  await coming(page, look, maria);
  await over(page, look, maria);
  await bubbles(page, look, `Tess ${family}`);
  await shut(page, look, `Stan ${family}`);
  await cut(page, look, maria);
  await crew(page, look, maria);
}

/** Before the first answers. */
async function coming(page: Page, look: Look, maria: string): Promise<void> {
  let answer = () => {};
  const waits = new Promise<void>((resolve) => (answer = resolve));
  await page.route(/\/api\/conversations/, async (route) => {
    await waits;
    await route.continue();
  });
  await page.goto(`/conversations/${maria}`);
  await expect(page.getByText('Loading messages')).toBeAttached();
  await look('loading-thread');
  await page.goto('/conversations');
  await expect(page.getByText('Loading conversations')).toBeAttached();
  await look('loading-list');
  answer();
  await expect(rows(page).first()).toBeVisible();
  await page.unrouteAll({ behavior: 'wait' });
}

/** What lies over a thread. */
async function over(page: Page, look: Look, maria: string): Promise<void> {
  await page.goto(`/conversations/${maria}`);
  await expect(composer(page)).toBeVisible();
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await look('menu');
  await page.getByRole('menuitem', { name: 'Close' }).click();
  await expect(page.getByRole('dialog', { name: 'Close Maria Delgado?' })).toBeVisible();
  await look('close');
  await page.keyboard.press('Escape');
  await page
    .getByRole('log')
    .getByRole('button', { name: /^Photo from/ })
    .first()
    .click();
  await expect(page.getByRole('dialog', { name: /^Photo from/ })).toBeVisible();
  await look('photo');
  await page.keyboard.press('Escape');
}

/** By the button: under a finger Enter breaks the line. */
async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.getByRole('button', { name: /^Send(?! later)/ }).click();
}

/** What became of messages. */
async function bubbles(page: Page, look: Look, name: string): Promise<void> {
  const { id, office } = await Somebody.named(name);
  await page.goto(`/conversations/${id}`);
  await breakNext({ kind: 'fail', code: 30007 }, 'Warranty card: bit.ly/hbr-1042');
  await send(page, 'Warranty card: bit.ly/hbr-1042');
  await expect(bubble(page, 'Warranty card: bit.ly/hbr-1042')).toContainText('Not delivered');
  await breakNext('drop_before_accepting', 'Lost on the way');
  await send(page, 'Lost on the way');
  await expect(bubble(page, 'Lost on the way')).toContainText('Unknown, asking the carrier');
  await look('bubbles');
  // A colleague was quicker, and the window has not heard of it.
  await page.route('**/api/live*', (route) => route.abort());
  await page.reload();
  await expect(composer(page)).toBeVisible();
  await office.reply(id, 'Ana here, we come at nine.');
  await send(page, 'We come at ten.');
  await expect(page.getByRole('alert')).toContainText('Ana replied');
  await look('held');
  await expect(page.getByText('Reconnecting. What you see may be a moment old.')).toBeVisible();
  await look('quiet-line');
  await page.getByRole('alert').getByRole('button', { name: 'Discard' }).click();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
}

/** Where nothing can be sent, or where sending does more. */
async function shut(page: Page, look: Look, name: string): Promise<void> {
  const { id, office, phone } = await Somebody.named(name);
  await page.goto(`/conversations/${id}`);
  await expect(composer(page)).toBeVisible();
  await office.act(id, 'close');
  await expect(page.getByText('This thread is closed. Sending reopens it.')).toBeVisible();
  await look('closed');
  await phone.text('STOP');
  await expect(page.getByText(/Stan texted STOP on/)).toBeVisible();
  await look('opted-out');
}

/** Offline, and signed out by somebody else. */
async function cut(page: Page, look: Look, maria: string): Promise<void> {
  await page.goto(`/conversations/${maria}`);
  await expect(composer(page)).toBeVisible();
  await page.context().setOffline(true);
  await expect(page.getByText(/Offline since/)).toBeVisible();
  await look('offline');
  await page.context().setOffline(false);
  await expect(page.getByText(/Offline since/)).toBeHidden();
  await composer(page).pressSequentially('Half a word');
  // Its feed ends with it, so the window knows at once.
  await page.context().request.delete('/api/session');
  await expect(page.getByRole('alert')).toContainText('Your session ended');
  await look('session-ended');
}

/** What a technician sees. */
async function crew(page: Page, look: Look, maria: string): Promise<void> {
  await page.goto('/conversations');
  await fillSignIn(page, 'technician');
  await expect(rowOf(page, 'Maria Delgado').first()).toBeVisible();
  await look('technician-list');
  await page.goto(`/conversations/${maria}`);
  await expect(page.getByRole('button', { name: /^Who sees this: Office/ })).toBeVisible();
  await look('technician-thread');
}
