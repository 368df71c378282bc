// Acts: seen by all at once, undone by their author; and addresses that lead back to where one was.
import type { Page } from '@playwright/test';

import { composer, countsOf, expect, open, rowOf, rows, test, unreadOf } from './inbox';
import { Somebody } from './office';

const undo = (page: Page, words: string) =>
  page.locator('.toast').filter({ hasText: words }).getByRole('button', { name: 'Undo' });

test('Done settles it for all, and Undo brings it back as it was', async ({ windowOf }) => {
  const somebody = await Somebody.named('Dora Settle');
  const [ana, ben] = [await windowOf('admin'), await windowOf('office')];
  await open(ana, 'Dora Settle');
  await expect(rowOf(ben, 'Dora Settle')).toContainText('waits');
  const before = await countsOf(ben);
  await ana.getByRole('button', { name: 'Done (e)' }).click();
  for (const page of [ana, ben]) {
    await expect(rowOf(page, 'Dora Settle')).not.toContainText('waits');
    await expect.poll(async () => (await countsOf(page)).attention).toBe(before.attention - 1);
  }
  await undo(ana, 'Done: Dora Settle').click();
  for (const page of [ana, ben]) await expect(rowOf(page, 'Dora Settle')).toContainText('waits');
  await expect.poll(async () => (await somebody.row()).attention).toBe(true);
  await expect.poll(async () => (await countsOf(ben)).attention).toBe(before.attention);
});

test('closing and reopening are seen by all, and undone', async ({ windowOf }) => {
  const somebody = await Somebody.named('Cleo Gate');
  const [ana, ben] = [await windowOf('admin'), await windowOf('office')];
  await open(ana, 'Cleo Gate');
  await ana.getByRole('button', { name: 'More', exact: true }).click();
  await ana.getByRole('menuitem', { name: 'Close' }).click();
  await expect(rowOf(ben, 'Cleo Gate')).toContainText('Closed');
  await undo(ana, 'Closed Cleo Gate').click();
  await expect(rowOf(ben, 'Cleo Gate')).not.toContainText('Closed');
  await expect.poll(async () => (await somebody.row()).state).toBe('open');
});

test('closing with a job ahead asks first, and says from whom it hides the thread', async ({ windowOf }) => {
  const page = await windowOf('office');
  await open(page, 'Maria Delgado');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Close' }).click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('Closing hides this thread from Luis Ortega.');
  await question.getByRole('button', { name: 'Keep it open' }).click();
  await expect(question).toBeHidden();
  await expect(rowOf(page, 'Maria Delgado')).not.toContainText('Closed');
});

test('closing with a job ahead, for sure, closes it', async ({ windowOf }) => {
  const { office, id, phone } = await Somebody.named('Jo Ahead');
  await office.job((await office.with(phone.number)).customer!.id, 8001, 'Boiler check');
  const page = await windowOf('office');
  await open(page, 'Jo Ahead');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Close' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close it' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(rowOf(page, 'Jo Ahead')).toContainText('Closed');
  await expect.poll(async () => (await office.get(id)).state).toBe('closed');
  await undo(page, 'Closed Jo Ahead').click();
  await expect.poll(async () => (await office.get(id)).state).toBe('open');
});

test('assigning is seen by all, and undone', async ({ windowOf }) => {
  const somebody = await Somebody.named('Asa Mine');
  const [ana, ben] = [await windowOf('admin'), await windowOf('office')];
  for (const page of [ana, ben]) await open(page, 'Asa Mine');
  await ana.getByRole('button', { name: 'Assign (a)' }).click();
  await ana.getByRole('menuitemradio', { name: 'Luis Ortega' }).click();
  await expect(ben.getByRole('button', { name: 'Assigned to Luis Ortega (a)' })).toBeVisible();
  await undo(ana, 'Assigned to Luis Ortega').click();
  await expect(ben.getByRole('button', { name: 'Assign (a)' })).toBeVisible();
  await expect.poll(async () => (await somebody.row()).assignee).toBeNull();
});

test('marked unread stays unread until it is opened again, for its reader alone', async ({ windowOf }) => {
  await Somebody.named('Ulf Near');
  const uma = await Somebody.named('Uma Later');
  const [ana, ben] = [await windowOf('admin'), await windowOf('office')];
  for (const page of [ana, ben]) await open(page, 'Uma Later');
  for (const page of [ana, ben]) await expect.poll(() => unreadOf(page, 'Uma Later')).toBe(0);
  // Told to the server too (the office of the test is Ana).
  await expect.poll(async () => (await uma.row()).unread).toBe(0);
  await ana.getByRole('button', { name: 'More', exact: true }).click();
  await ana.getByRole('menuitem', { name: 'Mark unread' }).click();
  await expect.poll(() => unreadOf(ana, 'Uma Later')).toBe(1);
  await open(ana, 'Ulf Near');
  await expect.poll(() => unreadOf(ana, 'Uma Later')).toBe(1);
  expect(await unreadOf(ben, 'Uma Later')).toBe(0);
  await open(ana, 'Uma Later');
  await expect.poll(() => unreadOf(ana, 'Uma Later')).toBe(0);
});

test('an act that is refused is taken back, and says why', async ({ windowOf }) => {
  await Somebody.named('Rex Nope');
  const page = await windowOf('office');
  await open(page, 'Rex Nope');
  await page.route('**/done', (route) =>
    route.fulfill({
      status: 409,
      contentType: 'application/problem+json',
      body: JSON.stringify({ title: 'Not now', status: 409, detail: 'The line is being moved.' }),
    }),
  );
  await page.getByRole('button', { name: 'Done (e)' }).click();
  await expect(page.getByText('That did not go through: The line is being moved.')).toBeVisible();
  await expect(rowOf(page, 'Rex Nope')).toContainText('waits');
});

test('filters, order and assignment are in the address; back and forward walk them', async ({ windowOf }) => {
  const page = await windowOf('office');
  await page.getByRole('button', { name: /^Attention/ }).click();
  await expect(page).toHaveURL(/filter=attention/);
  await page.getByRole('button', { name: 'Order and assignment' }).click();
  await page.getByRole('menuitemradio', { name: 'Longest waiting' }).click();
  await expect(page).toHaveURL(/sort=waiting/);
  const names = () => rows(page).locator('.name').allInnerTexts();
  const order = await names();
  await page.reload();
  await expect.poll(names).toEqual(order);
  await open(page, 'Maria Delgado');
  await page.goBack();
  await expect(page.getByRole('log')).toBeHidden();
  await page.goBack();
  await expect(page.getByRole('button', { name: /^Attention/ })).toHaveAttribute('aria-pressed', 'true');
  await page.goForward();
  await page.goForward();
  await expect(page.getByRole('heading', { name: 'Maria Delgado' }).first()).toBeVisible();
});

test('back and forward show the list that was there', async ({ windowOf }) => {
  const { office, id } = await Somebody.named('Ada Gone');
  await office.act(id, 'close');
  const page = await windowOf('office');
  const shows = async (filter: string) => {
    const chip = page.getByRole('button', { name: new RegExp(`^${filter}`) });
    await expect(chip).toHaveAttribute('aria-pressed', 'true');
    await expect(page.locator('.rows')).not.toHaveAttribute('aria-busy', 'true');
  };
  const choose = async (filter: string) => {
    await page.getByRole('button', { name: new RegExp(`^${filter}`) }).click();
    await shows(filter);
  };
  await choose('Attention');
  await expect(rowOf(page, 'Ada Gone')).toHaveCount(0);
  const names = () => rows(page).locator('.name').allInnerTexts();
  const waiting = await names();
  await choose('Archived');
  await expect(rowOf(page, 'Ada Gone')).toBeVisible();
  await page.goBack();
  await shows('Attention');
  await expect.poll(names).toEqual(waiting);
  await page.goBack();
  await shows('All');
  await page.goForward();
  await page.goForward();
  await shows('Archived');
  await expect(rowOf(page, 'Ada Gone')).toBeVisible();
});

test('a link leads to a conversation, to a message, or says that nothing is there', async ({ windowOf }) => {
  const { office, id } = await Somebody.named('Linn Deep');
  const sent = await office.reply(id, 'The one that is meant');
  for (let n = 0; n < 12; n++) await office.reply(id, `Later line ${n}`);
  const page = await windowOf('office');
  await page.goto(`/conversations/${id}/messages/${sent.id}`);
  const meant = page.getByRole('article').filter({ hasText: 'The one that is meant' });
  await expect(meant).toBeInViewport();
  await expect(meant).toHaveClass(/linked/);
  await page.goto(`/conversations/${'0'.repeat(32)}`);
  await expect(page.getByRole('heading', { name: 'This conversation is not here' })).toBeVisible();
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { name: 'This page does not exist' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to the conversations' }).click();
  await expect(rows(page).first()).toBeVisible();
});

test('a link to a message can be copied from it; a clipboard that is closed says so', async ({
  windowOf,
}) => {
  const { office, id } = await Somebody.named('Lina Copy');
  const sent = await office.reply(id, 'This very one');
  const page = await windowOf('office', { permissions: ['clipboard-read', 'clipboard-write'] });
  await open(page, 'Lina Copy');
  const meant = page.getByRole('article').filter({ hasText: 'This very one' });
  await meant.locator('.bubble').click();
  await meant.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByText('Link copied')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(`${new URL(page.url()).origin}/conversations/${id}/messages/${sent.id}`);
  await page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error('no'))));
  await meant.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByText('Not copied: the browser did not allow it')).toBeVisible();
});

test('searching finds words in threads, marks them, and opens where they are', async ({ windowOf }) => {
  const { phone } = await Somebody.named('Sia Find');
  await phone.text('The zircon valve is leaking');
  const page = await windowOf('office');
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('zircon');
  await expect(rows(page)).toHaveCount(1);
  await expect(rowOf(page, 'Sia Find').locator('mark')).toHaveText('zircon');
  await open(page, 'Sia Find');
  await expect(page.getByRole('log').locator('mark')).toHaveText('zircon');
  await page.getByRole('searchbox').press('Escape');
  await expect.poll(() => rows(page).count()).toBeGreaterThan(5);
});

test('another search, or a link to another message, moves the thread that is open', async ({ windowOf }) => {
  const { phone, office, id } = await Somebody.named('Sol Twice');
  const fill = async () => {
    for (let n = 0; n < 20; n++) await phone.text(`One more line, and that is number ${n}`);
  };
  await phone.text('The garnet pump rattles');
  await fill();
  await phone.text('The opal one drips');
  await fill();
  const texts = await office.messages(id);
  const idOf = (words: string) => texts.find(({ text }) => text.includes(words))!.id;
  const page = await windowOf('office');
  const line = (words: string) => page.getByRole('article').filter({ hasText: words });
  const search = page.getByRole('searchbox');
  const find = page.getByRole('textbox', { name: 'Find in this conversation' });
  await search.fill('garnet');
  await expect(rowOf(page, 'Sol Twice').locator('mark')).toHaveText('garnet');
  await open(page, 'Sol Twice');
  await expect(line('garnet pump')).toBeInViewport();
  await expect(find, 'what was found is gone through here').toHaveValue('garnet');
  await search.fill('opal');
  await expect(find).toHaveValue('opal');
  await expect(line('opal one')).toBeInViewport();
  await expect(line('garnet pump')).not.toBeInViewport();
  // The search is over: one stays where one is.
  await search.fill('');
  await expect(find).toBeHidden();
  await expect(page.getByRole('log').locator('mark')).toHaveCount(0);
  await expect(line('opal one')).toBeInViewport();
  // Words of one's own are no part of it.
  await search.fill('opal');
  await find.fill('garnet');
  await expect(line('garnet pump')).toBeInViewport();
  await search.fill('');
  await expect(rowOf(page, 'Sol Twice').locator('mark')).toHaveCount(0);
  await expect(find).toHaveValue('garnet');
  await find.press('Escape');

  const follow = (message: string) =>
    page.evaluate((path) => {
      const link = document.createElement('a');
      link.href = path;
      document.body.append(link);
      link.click();
      link.remove();
    }, `/conversations/${id}/messages/${message}`);
  await follow(idOf('garnet'));
  await expect(line('garnet pump')).toBeInViewport();
  await follow(idOf('opal'));
  await expect(line('opal one')).toBeInViewport();
  await expect(line('garnet pump')).not.toBeInViewport();
  await page.goBack();
  await expect(line('garnet pump')).toBeInViewport();
});

test('a row under the pointer stays, while the list moves around it', async ({ windowOf }) => {
  const { phone } = await Somebody.named('Vera Move');
  await Somebody.named('Wes Stay');
  const page = await windowOf('office');
  const stays = rowOf(page, 'Wes Stay').first();
  await stays.hover();
  const at = await stays.boundingBox();
  await phone.text('I move up');
  await expect(rowOf(page, 'Vera Move')).toContainText('I move up');
  expect(await stays.boundingBox()).toEqual(at);
  await page.mouse.move(1200, 500);
  await expect(rows(page).first()).toContainText('Vera Move');
});

test('a technician sees the threads of their jobs only, and what they may do', async ({ windowOf }) => {
  await Somebody.named('Not Theirs');
  const page = await windowOf('technician');
  await expect(rowOf(page, 'Maria Delgado').first()).toBeVisible();
  await expect(rowOf(page, 'Not Theirs')).toHaveCount(0);
  await open(page, 'Maria Delgado');
  await expect(page.getByRole('button', { name: 'Done (e)' })).toHaveCount(0);
  await expect(composer(page)).toBeVisible();
});
