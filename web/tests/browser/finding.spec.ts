// Finding in a thread: words hit by hit over its whole history, and a day.
import type { Page } from '@playwright/test';

import { accessible, bubble, expect, laidOut, picture, rowOf, test } from './inbox';
import { Somebody } from './office';

const find = (page: Page) => page.getByRole('textbox', { name: 'Find in this conversation' });

/** A thread too long for one page; every tenth text has a word that is not spelled as it is looked for. */
async function long(name: string): Promise<Somebody> {
  const somebody = await Somebody.named(name);
  for (let n = 1; n <= 60; n++)
    await somebody.phone.text(n % 10 === 0 ? `No ${n}: the BÖILER drips` : `Text number ${n}`);
  return somebody;
}

test('words are found in the whole thread, gone through in turn, and stay in sight', async ({ windowOf }) => {
  const { id, phone } = await long('Fay Finder');
  const ben = await windowOf('office');
  await ben.goto(`/conversations/${id}`);
  await expect(ben.getByText('New since you were here')).toBeVisible();
  await ben.getByRole('button', { name: 'Find in this conversation' }).click();
  await expect(find(ben)).toBeFocused();
  await find(ben).fill('boiler');
  await expect(ben.getByText('6 of 6')).toBeVisible();
  await expect(bubble(ben, 'No 60: the BÖILER drips')).toBeInViewport();
  await expect(ben.getByRole('log').locator('mark').first()).toHaveText('BÖILER');
  await accessible(ben);
  await laidOut(ben);
  await picture(ben, 'find-words');
  await find(ben).press('Enter');
  await expect(ben.getByText('5 of 6')).toBeVisible();
  await expect(bubble(ben, 'No 50: the BÖILER drips')).toBeInViewport();
  for (let n = 4; n >= 1; n--) {
    await find(ben).press('Enter');
    await expect(ben.getByText(`${n} of 6`)).toBeVisible();
  }
  await expect(bubble(ben, 'No 10: the BÖILER drips')).toBeInViewport();
  await phone.text('Something new');
  await expect(rowOf(ben, 'Fay Finder').first()).toContainText('Something new');
  await phone.text('A boiler for the neighbour');
  await expect(ben.getByText('1 of 7')).toBeVisible();
  await expect(bubble(ben, 'No 10: the BÖILER drips')).toBeInViewport();
  await find(ben).press('Shift+Enter');
  await expect(ben.getByText('2 of 7')).toBeVisible();
  await find(ben).press('Escape');
  await expect(find(ben)).toBeHidden();
  await ben
    .getByRole('button', { name: /Newest|new/ })
    .last()
    .click();
  await expect(bubble(ben, 'A boiler for the neighbour')).toBeInViewport();
});

test('hits of the list’s search are gone through in the thread; a day leads to its first message', async ({
  windowOf,
}) => {
  const { id, office } = await long('Finn Days');
  const ben = await windowOf('office');
  const [first] = await office
    .ask<{ messages: { id: string }[] }>('GET', `/api/conversations/${id}/messages?around=1`)
    .then(({ messages }) => messages);
  await ben.getByRole('searchbox').fill('finn boiler');
  await expect(rowOf(ben, 'Finn Days').first().locator('mark').first()).toBeVisible();
  await rowOf(ben, 'Finn Days').first().click();
  await expect(find(ben), 'the name is not said in the thread').toHaveValue('boiler');
  await expect(ben.getByText('6 of 6')).toBeVisible();
  await ben.getByRole('button', { name: 'Jump to date' }).click();
  const day = ben.getByLabel('Day', { exact: true });
  await day.fill('2020-01-01');
  await day.press('Enter');
  await expect(ben.getByText(/^Nothing on Jan 1, 2020\. The next message is from/)).toBeVisible();
  await expect(bubble(ben, 'Hello from Finn Days')).toBeInViewport();
  await accessible(ben);
  await laidOut(ben);
  await picture(ben, 'find-day');
  await ben.getByRole('button', { name: 'Find words' }).click();
  await expect(find(ben)).toHaveValue('boiler');
  await expect(ben.getByText('6 of 6')).toBeVisible();
  await ben.goto(`/conversations/${id}/messages/${first?.id}`);
  await expect(bubble(ben, 'Hello from Finn Days')).toBeInViewport();
});

test('on a phone in the dark there is room to find, and nothing found says so', async ({ windowOf }) => {
  const { id } = await Somebody.named('Fia Phone');
  const ben = await windowOf('office', {
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
    hasTouch: true,
    isMobile: true,
  });
  await ben.goto(`/conversations/${id}`);
  await ben.getByRole('button', { name: 'More', exact: true }).tap();
  await ben.getByRole('menuitem', { name: 'Find in this conversation' }).tap();
  await find(ben).fill('nothing of this');
  await expect(ben.getByText('Nothing found')).toBeVisible();
  await find(ben).fill('hello');
  await expect(ben.getByText('1 of 1')).toBeVisible();
  await accessible(ben);
  await laidOut(ben);
  await picture(ben, 'phone-find-dark');
  await ben.getByRole('button', { name: 'Jump to date' }).tap();
  await ben.getByLabel('Day', { exact: true }).fill('2020-01-01');
  await ben.getByRole('button', { name: 'Go', exact: true }).tap();
  await expect(ben.getByText(/^Nothing on Jan 1, 2020\./)).toBeVisible();
  await accessible(ben);
  await laidOut(ben);
  await picture(ben, 'phone-find-day-dark');
});
