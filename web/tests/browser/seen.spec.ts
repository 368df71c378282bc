// Two people answer one customer: what a colleague wrote and the writer has not seen makes the send ask.
import type { Page } from '@playwright/test';

import { bubble, composer, expect, open, rowOf, test } from './inbox';
import { Somebody } from './office';

/** Presses Enter in the very task in which these words appear: nobody can have read them. */
const enterWith = (page: Page, words: string): Promise<void> =>
  page.evaluate(
    (words) =>
      new Promise<void>((done) => {
        const log = document.querySelector('[role=log]') as Element;
        const watch = new MutationObserver(() => {
          if (!log.textContent.includes(words)) return;
          watch.disconnect();
          const enter = { key: 'Enter', bubbles: true, cancelable: true };
          document.querySelector('#draft')?.dispatchEvent(new KeyboardEvent('keydown', enter));
          done();
        });
        watch.observe(log, { childList: true, subtree: true, characterData: true });
      }),
    words,
  );

/** What has changed is on the screen. */
const drawn = (page: Page): Promise<void> =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );

test('a colleague’s answer that appeared a moment before Enter makes the send ask', async ({ windowOf }) => {
  const { phone, office, id } = await Somebody.named('Ike Quickly');
  const page = await windowOf('office');
  await open(page, 'Ike Quickly');
  await composer(page).fill('We come at ten.');
  const pressed = enterWith(page, 'Ana here, we come at nine.');
  await office.reply(id, 'Ana here, we come at nine.');
  await pressed;
  const question = page.getByRole('alert');
  await expect(question).toContainText('Ana replied');
  await expect(question).toContainText('Ana here, we come at nine.');
  await question.getByRole('button', { name: 'Read first' }).click();
  await expect(composer(page)).toHaveValue('We come at ten.');
  // Now they have read it, and go on writing.
  await drawn(page);
  await composer(page).press('End');
  await composer(page).pressSequentially(' Or nine, as Ana says.');
  await composer(page).press('Enter');
  await expect(bubble(page, 'We come at ten. Or nine, as Ana says.')).toContainText('Delivered');
  expect(await phone.received()).toEqual([
    'Ana here, we come at nine.',
    'We come at ten. Or nine, as Ana says.',
  ]);
});

test('who types after a colleague’s answer has seen it; who reads further up has not', async ({
  windowOf,
}) => {
  const { phone, office, id } = await Somebody.named('Ivy Upwards');
  for (let n = 1; n <= 12; n++) await phone.text(`Line ${n} of a long story about a boiler. `.repeat(4));
  // Nothing is new: it opens at its end.
  await office.reply(id, 'Ana here, thanks.');
  const page = await windowOf('office', { viewport: { width: 1200, height: 600 } });
  await open(page, 'Ivy Upwards');
  await composer(page).fill('Noted');
  await office.reply(id, 'Ana here, that is noted.');
  await expect(bubble(page, 'Ana here, that is noted.')).toBeInViewport();
  await drawn(page);
  await composer(page).pressSequentially(', thanks');
  await composer(page).press('Enter');
  await expect(bubble(page, 'Noted, thanks')).toContainText('Delivered');

  await page.getByRole('log').hover();
  await page.mouse.wheel(0, -2000);
  await expect(page.getByRole('button', { name: 'Newest' })).toBeVisible();
  await office.reply(id, 'Ana again, I come myself.');
  // It came in, below the screen.
  await expect(rowOf(page, 'Ivy Upwards')).toContainText('Ana again, I come myself.');
  await composer(page).fill('Luis comes');
  await drawn(page);
  await composer(page).pressSequentially(' at nine');
  await composer(page).press('Enter');
  await expect(page.getByRole('alert')).toContainText('Ana replied');
  await page.getByRole('alert').getByRole('button', { name: 'Discard' }).click();
  expect(await phone.received()).not.toContain('Luis comes at nine');
});
