// Small things of a thread: choosing a word, the line above what is new, what must stay in reach, and paper.
import type { Page } from '@playwright/test';

import { bubble, composer, expect, open, picture, test, write } from './inbox';
import { Somebody } from './office';
import { breakNext } from './phones';

test('a double click chooses a word and moves nothing; a click shows the times', async ({ windowOf }) => {
  const { phone } = await Somebody.named('Dora Clicker');
  for (const words of ['first', 'second', 'third']) await phone.text(`Boilermaker ${words}`);
  const page = await windowOf('office');
  await open(page, 'Dora Clicker');
  const words = bubble(page, 'Boilermaker second').locator('.bubble');
  // What stands below the box comes a moment after it, and moves the end of the thread up.
  await expect(page.getByRole('toolbar', { name: 'Quick replies' })).toBeVisible();
  const place = () => words.evaluate((bubble) => bubble.getBoundingClientRect().top);
  const before = await place();
  await words.dblclick({ position: { x: 30, y: 18 } });
  expect(await page.evaluate(() => getSelection()?.toString())).toBe('Boilermaker');
  // A click elsewhere shows its times, and by then those of the double click would have been there.
  await bubble(page, 'Boilermaker third')
    .locator('.bubble')
    .click({ position: { x: 30, y: 18 } });
  await expect(bubble(page, 'Boilermaker third').locator('.times')).toBeVisible();
  await expect(bubble(page, 'Boilermaker second').locator('.times')).toHaveCount(0);
  await bubble(page, 'Boilermaker third')
    .locator('.bubble')
    .click({ position: { x: 30, y: 18 } });
  await expect(page.locator('.times')).toHaveCount(0);
  expect(Math.abs((await place()) - before)).toBeLessThan(2);
});

test('the line above what is new cuts nobody off, and goes with an answer', async ({ windowOf }) => {
  const { phone, id } = await Somebody.named('Nina Lately');
  await phone.text('Before you looked');
  const page = await windowOf('office');
  await open(page, 'Nina Lately');
  await expect.poll(async () => page.locator('.row[aria-current] .count').count()).toBe(0);
  await page.goto('/me');
  await phone.text('Since then');
  await page.goto(`/conversations/${id}`);
  const line = page.getByText('New since you were here');
  await expect(line).toBeVisible();
  await expect(bubble(page, 'Before you looked').locator('.under')).toContainText(/Nina.*\d:\d\d/s);
  await expect(bubble(page, 'Since then').locator('.under')).toContainText(/Nina.*\d:\d\d/s);
  await picture(page, 'new-since');
  await write(page, 'I have seen it');
  await expect(bubble(page, 'I have seen it')).toBeVisible();
  await expect(line).toHaveCount(0);
});

/** Each button of the log that can be seen is what a press at its middle would meet. */
const inReach = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const log = document.querySelector('[role=log]')!.getBoundingClientRect();
    return [...document.querySelectorAll('[role=log] button:not(.sr)')].flatMap((button) => {
      const { left, top, width, height } = button.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      if (y < log.top || y > log.bottom) return [];
      return button.contains(document.elementFromPoint(x, y)) ? [] : [button.textContent.trim()];
    });
  });

for (const width of [1280, 390])
  test(`nothing lies over Retry while one reads further up: ${width} px`, async ({ windowOf }) => {
    const { phone, office, id } = await Somebody.named(`Rita Covered ${width}`);
    await breakNext({ kind: 'fail', code: 30003 }, 'Are you at home?');
    await office.reply(id, 'Are you at home?');
    for (let n = 1; n <= 8; n++) await phone.text(`Line ${n} of a long story about a boiler. `.repeat(4));
    await office.reply(id, 'Noted.');
    const page = await windowOf('office', { viewport: { width, height: 700 } });
    await page.goto(`/conversations/${id}`);
    await expect(page.getByRole('log').getByText('Line 8')).toBeVisible();
    await page.getByRole('log').hover();
    await page.mouse.wheel(0, -200);
    await expect(page.getByRole('button', { name: 'Newest' })).toBeVisible();
    const retry = page.getByRole('log').getByRole('button', { name: 'Retry' });
    while (!(await retry.isVisible())) await page.mouse.wheel(0, -150);
    // At every height of the log, down to its very edge.
    for (let step = 0; step < 12; step++) {
      // While it scrolls, rows take no presses.
      await expect.poll(() => inReach(page)).toEqual([]);
      await page.getByRole('log').evaluate((log) => log.scrollBy(0, -35));
    }
    await picture(page, `newest-${width}`);
  });

test('on a phone the times of a message tell its date once', async ({ windowOf }) => {
  const { office, id } = await Somebody.named('Tim Narrow');
  await office.reply(id, 'On our way');
  const page = await windowOf('office', {
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
  });
  await page.goto(`/conversations/${id}`);
  await expect(bubble(page, 'On our way')).toContainText('Delivered');
  await bubble(page, 'On our way').locator('.bubble').tap();
  const times = bubble(page, 'On our way').locator('.times');
  await expect(times).toContainText(/Written .*\d{4}.*Sent \d+:\d\d:\d\d.*Delivered \d+:\d\d:\d\d/s);
  expect((await times.innerText()).match(/\b20\d\d\b/g)).toHaveLength(1);
  await picture(page, 'phone-times');
});

test('each quiet line has the picture of what happened', async ({ windowOf }) => {
  const { phone, office, id } = await Somebody.named('Quin Still');
  await office.act(id, 'close');
  await office.act(id, 'reopen');
  await phone.text('STOP');
  await phone.text('START');
  const page = await windowOf('office');
  await open(page, 'Quin Still');
  const pictures = () =>
    page
      .getByRole('log')
      .locator('.sys:has(time) > svg use')
      .evaluateAll((all) => all.map((use) => use.getAttribute('href')?.split('#')[1]));
  await expect.poll(pictures).toEqual(['archive', 'inbox', 'minus', 'okc']);
});

test('a thread prints whole, with names and times, and nothing of the window', async ({ windowOf }) => {
  const { phone, office, id } = await Somebody.named('Pam Paperman');
  for (let n = 1; n <= 30; n++) await phone.text(`Line ${n} of a long story about a boiler. `.repeat(4));
  await office.reply(id, 'That is **noted**.');
  await office.act(id, 'close');
  const page = await windowOf('office', { viewport: { width: 1280, height: 600 } });
  await page.goto(`/conversations/${id}`);
  await expect(composer(page)).toBeVisible();
  await expect(page.getByRole('log').getByText('noted')).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  const paper = page.locator('.paper');
  await expect(paper).toBeVisible();
  const words = await paper.innerText();
  for (let n = 1; n <= 30; n++) expect(words).toContain(`Line ${n} of`);
  expect(words).toContain('That is noted.');
  expect(words.match(/Pam Paperman · \w+, \w+ \d+, 20\d\d at \d+:\d\d:\d\d/g)).toHaveLength(31);
  expect(words).toMatch(/Ana \w+ · .*20\d\d/);
  expect(words).toContain('closed this');
  expect(words).not.toContain('Older messages');
  await expect(page.locator('.shell')).toBeHidden();
  // It is as long as it is: nothing scrolls on paper.
  expect(await page.evaluate(() => document.documentElement.scrollHeight > 2 * innerHeight)).toBe(true);
  await picture(page, 'paper');
  await page.emulateMedia({ media: 'screen' });
  await expect(paper).toHaveCount(0);
  await expect(composer(page)).toBeVisible();
});
