// What somebody writes is never lost: not by a reload, another device, a cut, or a session that ends.
import { accessible, bubble, composer, expect, fillSignIn, open, picture, rowOf, test, write } from './inbox';
import { Office, Somebody } from './office';

test('a draft is kept through a reload, and is there on another device', async ({ windowOf }) => {
  await Somebody.named('Drew Marsh');
  const [page, device] = [await windowOf('office'), await windowOf('office')];
  await open(page, 'Drew Marsh');
  await composer(page).fill('Dear Drew, about');
  await expect(page.getByText('Draft saved')).toBeVisible();
  await page.reload();
  await expect(composer(page)).toHaveValue('Dear Drew, about');
  await open(device, 'Drew Marsh');
  await expect(composer(device)).toHaveValue('Dear Drew, about');
});

test('a keystroke a moment before the page goes is kept', async ({ windowOf }) => {
  await Somebody.named('Kay Storm');
  const page = await windowOf('office');
  await open(page, 'Kay Storm');
  await composer(page).pressSequentially('No time to sa');
  await page.reload();
  await expect(composer(page)).toHaveValue('No time to sa');
});

test('each thread has its own draft', async ({ windowOf }) => {
  await Somebody.named('Ada North');
  await Somebody.named('Bea South');
  const page = await windowOf('office');
  await open(page, 'Ada North');
  await composer(page).fill('For Ada');
  await open(page, 'Bea South');
  await expect(composer(page)).toHaveValue('');
  await composer(page).fill('For Bea');
  await open(page, 'Ada North');
  await expect(composer(page)).toHaveValue('For Ada');
});

test('a session that ends keeps what was being written, and goes on after signing in', async ({
  windowOf,
}) => {
  const { id, office } = await Somebody.named('Eve Stone');
  const page = await windowOf('office');
  await open(page, 'Eve Stone');
  await composer(page).fill('Half a sentence, and the rest');
  // The office has ended it; its feed ends with it, so the window knows at once.
  await page.context().request.delete('/api/session');
  await expect(page.getByText('Your session ended.')).toBeVisible();
  await fillSignIn(page, 'office');
  await expect(composer(page)).toHaveValue('Half a sentence, and the rest');
  await composer(page).press('Enter');
  await expect(page.getByRole('log')).toContainText('Half a sentence, and the rest');
  await expect.poll(async () => (await office.messages(id)).map(({ text }) => text)).toHaveLength(2);
});

test('offline one can read, write and send on, and all of it goes on return', async ({ windowOf }) => {
  const { id } = await Somebody.named('Ola Frost');
  const ben = await Office.signIn('office');
  const page = await windowOf('office');
  await open(page, 'Ola Frost');
  // Every part of the composer has come; without a service worker none is kept on the device.
  await expect(page.getByRole('toolbar', { name: 'Quick replies' })).toBeVisible();
  await page.context().setOffline(true);
  await expect(page.getByText(/Offline since/)).toBeVisible();
  await composer(page).fill('Written in the cellar');
  await expect(page.getByText('Offline. What you send goes once you are back.')).toBeVisible();
  await composer(page).press('Enter');
  await expect(composer(page)).toHaveValue('');
  const sent = page.getByRole('article').filter({ hasText: 'Written in the cellar' });
  await expect(sent).toContainText('Waiting for the connection');
  await composer(page).fill('And half a sentence');
  await page.context().setOffline(false);
  await expect(sent).toContainText('Delivered');
  await expect(page.getByText('Draft saved')).toBeVisible();
  await expect.poll(async () => (await ben.get(id)).draft?.text).toBe('And half a sentence');
});

test('signing out leaves nothing of it on the device', async ({ windowOf }) => {
  await Somebody.named('Zoe Clean');
  const page = await windowOf('office');
  await open(page, 'Zoe Clean');
  await composer(page).fill('A secret');
  await page.goto('/me');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  const kept = await page.evaluate(async () => {
    const words: string[] = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const asked = indexedDB.open(name!);
        asked.onsuccess = () => resolve(asked.result);
      });
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll();
        words.push(
          JSON.stringify(await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)))),
        );
      }
      database.close();
    }
    return words.join(' ');
  });
  expect(kept).not.toContain('secret');
  await fillSignIn(page, 'office');
  await rowOf(page, 'Zoe Clean').first().click();
  // On the server it is kept for its writer.
  await expect(composer(page)).toHaveValue('A secret');
});

test('signing out asks before it loses what has not left', async ({ windowOf }) => {
  await Somebody.named('Ned Later');
  const page = await windowOf('office');
  await open(page, 'Ned Later');
  await page.route('**/messages', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.continue(),
  );
  await write(page, 'This does not leave');
  await page.goto('/me');
  await page.getByRole('button', { name: 'Sign out' }).click();
  const question = page.getByRole('dialog', { name: 'Sign out and lose this?' });
  await expect(question).toContainText('To Ned, not sent');
  await expect(question).toContainText('This does not leave');
  await accessible(page);
  await picture(page, 'sign-out');
  await question.getByRole('button', { name: 'Stay signed in' }).click();
  await expect(question).toHaveCount(0);
  await page.unroute('**/messages');
  await page.goto('/');
  await open(page, 'Ned Later');
  await expect(bubble(page, 'This does not leave')).toContainText('Delivered');
  await page.goto('/me');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});
