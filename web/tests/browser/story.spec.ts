// The story: two people in the office, each at a window, and customers with phones.
import type { Page } from '@playwright/test';

import {
  bubble,
  bubblesOf,
  composer,
  countsOf,
  expect,
  open,
  rowOf,
  test,
  unreadOf,
  WHOLE,
  write,
} from './inbox';
import { Office } from './office';
import { badMonday, Phone } from './phones';

const MARA = new Phone('+12075550211');
const texts = ['Hello, is this Harbor?', 'The tap drips', 'All night long'];
const TWENTY = Array.from({ length: 20 }, (_, n) => `Text ${n + 1} of a bad Monday`);
const TEN = Array.from({ length: 10 }, (_, n) => `Answer ${n + 1} of a bad Monday`);

/** Milliseconds until both windows have the words in their lists. */
async function took(words: string, windows: Page[]): Promise<number> {
  const begun = performance.now();
  const sent = MARA.text(words);
  await Promise.all(windows.map((page) => expect(rowOf(page, 'Mara Quill').first()).toContainText(words)));
  const time = performance.now() - begun;
  await sent;
  return time;
}

test('a text is in both windows within a second; an answer ticks to delivered and is on the phone', async ({
  windowOf,
}) => {
  const office = await Office.signIn('admin');
  await office.customer('Mara Quill', MARA.number);
  const [ana, ben] = await Promise.all([windowOf('admin'), windowOf('office')]);
  const before = await countsOf(ben);

  const times = [];
  for (const words of texts) times.push(await took(words, [ana, ben]));
  // The typical one: a busy machine may make one of them wait.
  expect(times.sort((a, b) => a - b)[1], `${times.map(Math.round).join(', ')} ms`).toBeLessThan(1000);

  for (const page of [ana, ben]) {
    await expect.poll(() => unreadOf(page, 'Mara Quill')).toBe(3);
    await expect
      .poll(() => countsOf(page))
      .toEqual({
        total: before.total + 1,
        attention: before.attention + 1,
        unread: before.unread + 3,
      });
    await expect(page).toHaveTitle(new RegExp(`^\\(${before.unread + 3}\\) `));
    await expect(rowOf(page, 'Mara Quill').first()).toContainText('waits');
  }

  await open(ana, 'Mara Quill');
  await expect.poll(() => unreadOf(ana, 'Mara Quill')).toBe(0);
  await expect.poll(async () => (await countsOf(ana)).unread).toBe(before.unread);
  // Looking is one's own: the other window still has it unread, on the server too.
  const row = await office.with(MARA.number);
  await expect.poll(async () => (await office.get(row.id)).unread).toBe(0);
  expect(await unreadOf(ben, 'Mara Quill')).toBe(3);
  expect((await countsOf(ben)).unread).toBe(before.unread + 3);

  await write(ana, 'We can come **at noon**, Mara.');
  const answer = bubble(ana, 'We can come at noon, Mara.');
  await expect(answer).toBeVisible();
  await expect(answer).toContainText('Delivered');
  await expect(rowOf(ben, 'Mara Quill').first()).toContainText('Ana: We can come at noon, Mara.');
  // An answer settles it for everyone.
  for (const page of [ana, ben])
    await expect
      .poll(() => countsOf(page))
      .toEqual({ total: before.total + 1, attention: before.attention, unread: before.unread });
  await open(ben, 'Mara Quill');
  await expect(bubble(ben, 'We can come at noon, Mara.')).toContainText('Delivered');
  await expect.poll(() => MARA.received()).toEqual(['We can come at noon, Mara.']);
});

test('on a bad Monday twenty texts in and ten answers out end exactly once each, in order, without a reload', async ({
  windowOf,
}) => {
  test.setTimeout(150_000);
  const office = await Office.signIn('admin');
  const phone = new Phone('+12075550212');
  await office.customer('Otto Blum', phone.number);
  await phone.text('Good morning');
  const windows = await Promise.all([windowOf('admin'), windowOf('office')]);
  const [ana] = windows;
  for (const page of windows) {
    await open(page, 'Otto Blum');
    await page.evaluate(() => document.documentElement.setAttribute('data-not-reloaded', ''));
  }
  await badMonday(true);
  const customer = async () => {
    for (const words of TWENTY) expect((await phone.text(words)).accepted, words).toBe(true);
  };
  const staff = async () => {
    for (const words of TEN) {
      await write(ana!, words);
      await expect(composer(ana!)).toHaveValue('');
    }
  };
  await Promise.all([customer(), staff()]);
  await expect.poll(() => phone.accepted(), { timeout: 90_000 }).toEqual(TEN);
  await badMonday(false);

  const { id } = await office.with(phone.number);
  const told = await office.messages(id);
  expect(told.filter(({ direction }) => direction === 'in').map(({ text }) => text)).toEqual([
    'Good morning',
    ...TWENTY,
  ]);
  expect(told.filter(({ direction }) => direction === 'out').map(({ text }) => text)).toEqual(TEN);
  for (const page of windows) {
    await page.setViewportSize(WHOLE);
    await expect.poll(() => bubblesOf(page)).toEqual(told.map(({ text }) => text));
    await expect(page.locator('html')).toHaveAttribute('data-not-reloaded', '');
  }
  // What became of each is the same in both.
  const fates = (page: Page) =>
    page
      .getByRole('log')
      .getByRole('article')
      .allInnerTexts()
      .then((lines) =>
        lines.map((line) => line.replace(/^(You|Ana)$|^(You|Ana),/m, 'Staff').replace(/\s+/g, ' ')),
      );
  await expect(async () => expect(await fates(windows[0]!)).toEqual(await fates(windows[1]!))).toPass({
    timeout: 15_000,
  });
});
