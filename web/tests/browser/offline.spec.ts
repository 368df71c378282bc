// A technician's phone in a dead spot: what was read is there, what is written waits, a killed app loses nothing, and back
// on the line each arrives once, in order. What somebody must decide about says why, and goes or is thrown away.
import type { Page } from '@playwright/test';

import { ulid } from '../../src/app/ulid';
import { PHONE, settle, test } from './front';
import { accessible, bubble, composer, expect, inBoth, laidOut, open, rowOf, signIn, userOf } from './inbox';
import { Office, Somebody } from './office';
import { quartered } from './sent';

const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true });

async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await send(page).click();
  await expect(composer(page)).toHaveValue('');
}

/** How many of a kind this device keeps. */
const count = (page: Page, database: string, store: string, ready = 'all') =>
  page.evaluate(
    ([database, store, ready]) =>
      new Promise<number>((tell) => {
        const asked = indexedDB.open(database!);
        asked.onsuccess = () => {
          const db = asked.result;
          if (!db.objectStoreNames.contains(store!)) return (db.close(), tell(0));
          const all = db.transaction(store!).objectStore(store!).getAll();
          all.onsuccess = () => {
            const found = all.result as { messages?: readonly unknown[] }[];
            db.close();
            tell(found.filter((one) => ready === 'all' || (one.messages?.length ?? 0) > 0).length);
          };
        };
      }),
    [database, store, ready],
  );

test('what is written in a dead spot waits through a killed app, and arrives once and in order', async ({
  browser,
  front,
  watched,
  wrong,
}) => {
  const [otto, nina] = [await Somebody.named('Otto Cellar'), await Somebody.named('Nina Depot')];
  const crew = await Office.signIn('technician');
  const talk = await crew.ask<{ id: string }>('POST', '/api/internal', {
    id: ulid(Date.now()),
    with: userOf('office').id,
  });
  const context = await browser.newContext({ ...PHONE, baseURL: front.url, serviceWorkers: 'allow' });
  await watched(context, wrong);
  let page = await context.newPage();
  await signIn(page);
  await settle(page);
  const photo = await quartered(page, 160, 90, 'image/jpeg');
  for (const [at, name] of ['Nina Depot', 'Otto Cellar'].entries()) {
    await page.goto('/conversations');
    await open(page, name);
    await expect(bubble(page, `Hello from ${name}`)).toBeVisible();
    // What was read is kept.
    await expect.poll(() => count(page, 'porchlight.kept', 'threads', 'read')).toBe(at + 1);
  }

  // The server is gone, while the browser says that it is online.
  await page.goto(`/team/${talk.id}`);
  const colleague = page.getByRole('textbox', { name: /^Internal message to/ });
  await expect(colleague).toBeVisible();
  await front.stop();
  await colleague.fill('Which seal fits?');
  await page.getByRole('button', { name: 'Send to colleagues' }).click();
  await expect(colleague).toHaveValue('');
  await page.goto('/conversations');
  await rowOf(page, 'Otto Cellar').first().click();
  await say(page, 'I am at the valve');
  await page.getByRole('button', { name: 'More to add' }).click();
  await page.getByRole('menuitem', { name: /^Attach/ }).click();
  const panel = page.getByRole('dialog', { name: 'Attach to this text' });
  await panel.locator('input[type=file]').setInputFiles({ name: 'valve.jpg', mimeType: '', buffer: photo });
  await expect(panel.getByRole('listitem')).toContainText('valve.jpg');
  await page.keyboard.press('Escape');
  await say(page, 'This is what it looks like');
  await say(page, 'It needs a new seal');
  await say(page, 'I have one in the van');
  await expect.poll(() => count(page, 'porchlight', 'unsent')).toBe(5);
  await expect.poll(() => count(page, 'porchlight.files', 'bytes')).toBe(1);
  await expect(bubble(page, 'It needs a new seal')).toContainText('No answer yet, trying again');
  await inBoth(page, 'phone-offline');
  await laidOut(page);

  // The app is killed, and started down the stairs, where the browser knows of no network either.
  await page.close();
  await context.setOffline(true);
  page = await context.newPage();
  await page.goto('/conversations');
  await expect(page.getByText(/^Offline – as of \d/)).toBeVisible();
  await inBoth(page, 'phone-offline-list');
  await accessible(page);
  await rowOf(page, 'Nina Depot').first().click();
  await expect(bubble(page, 'Hello from Nina Depot')).toBeVisible();
  await say(page, 'We come at ten');
  await page.goBack();
  await rowOf(page, 'Otto Cellar').first().click();
  await expect(bubble(page, 'Hello from Otto Cellar')).toBeVisible();
  await expect(bubble(page, 'I have one in the van')).toBeVisible();
  await expect.poll(() => count(page, 'porchlight', 'unsent')).toBe(6);

  // Meanwhile the office answers Nina; then up the stairs again.
  await nina.office.reply(nina.id, 'We come at nine.');
  await front.start();
  await context.setOffline(false);
  const said = async () =>
    (await otto.office.messages(otto.id))
      .filter(({ direction }) => direction === 'out')
      .map(({ text }) => text);
  const written = [
    'I am at the valve',
    'This is what it looks like',
    'It needs a new seal',
    'I have one in the van',
  ];
  await expect.poll(said, { timeout: 90_000 }).toEqual(written);
  // A carrier may bring a picture after the texts that left behind it.
  const brought = async () => (await otto.phone.received()).toSorted();
  await expect.poll(brought, { timeout: 60_000 }).toEqual(written.toSorted());
  await expect(bubble(page, 'I have one in the van')).toContainText('Delivered', { timeout: 60_000 });

  // What a colleague overtook waits for its writer, with the reason.
  await page.goBack();
  await expect(page.getByText(/^Offline – as of \d/)).toBeHidden({ timeout: 60_000 });
  await rowOf(page, 'Nina Depot').first().click();
  const question = page.getByRole('alert').filter({ hasText: 'Send yours too?' });
  await expect(question).toContainText('replied');
  await expect(question).toContainText('We come at nine.');
  await inBoth(page, 'phone-held');
  await accessible(page);
  await laidOut(page);
  expect(await nina.phone.received()).toEqual(['We come at nine.']);
  await question.getByRole('button', { name: 'Send anyway' }).click();
  await expect
    .poll(() => nina.phone.received(), { timeout: 60_000 })
    .toEqual(['We come at nine.', 'We come at ten']);
  await expect.poll(() => count(page, 'porchlight', 'unsent')).toBe(0);
  await expect.poll(() => count(page, 'porchlight.files', 'bytes')).toBe(0);
  expect(await said(), 'each once').toEqual(written);
  const asked = (await crew.messages(talk.id)).filter(({ text }) => text === 'Which seal fits?');
  expect(asked, 'the colleague has it once').toHaveLength(1);
  await context.close();
});
