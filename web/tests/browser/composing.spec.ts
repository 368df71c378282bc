// Japanese, Chinese, Korean: while a word is being made, Enter takes the word and does nothing else.
import type { Page } from '@playwright/test';

import { composer, expect, open, rows, test, userOf } from './inbox';
import { Somebody } from './office';

/** Makes a word as an input method does, and presses these keys before it is taken. */
async function composed(page: Page, keys: string[], word = 'かんじ'): Promise<void> {
  const input = await page.context().newCDPSession(page);
  await input.send('Input.imeSetComposition', {
    text: word,
    selectionStart: word.length,
    selectionEnd: word.length,
  });
  for (const key of keys) await page.keyboard.press(key);
  await input.detach();
}

test('Enter during composition runs no command and opens no row', async ({ windowOf }) => {
  const page = await windowOf('office');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await composed(page, ['ArrowDown', 'Enter', 'Escape'], 'Maria');
  await expect(page.getByRole('combobox')).toBeFocused();
  await expect(page).toHaveURL(/\/(conversations)?$/);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('combobox')).toBeHidden();

  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await composed(page, ['Enter', 'ArrowDown', 'Escape'], 'Maria');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await expect(page.getByRole('searchbox')).toHaveValue('Maria');
  await expect(rows(page)).not.toHaveCount(0);
});

test('Enter during composition sends no message', async ({ windowOf }) => {
  await Somebody.named('Ime Sato');
  const page = await windowOf('office');
  await open(page, 'Ime Sato');
  await composer(page).focus();
  await composed(page, ['Enter', 'Escape']);
  await expect(composer(page)).toBeFocused();
  await expect(composer(page)).toHaveValue(/かんじ/);
  await expect(page.getByRole('log').getByText('かんじ')).toHaveCount(0);
});

test('Enter during composition does not sign in', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('textbox', { name: 'Password' }).fill('not this one');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.getByLabel('Email').fill(userOf('office').email);
  await composed(page, ['Enter'], 'a');
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(asked).not.toContain('POST /api/session');
});
