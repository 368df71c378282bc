// However many tabs one person has open: one stream for all, whoever leads.
import type { BrowserContext, Page } from '@playwright/test';

import { bubble, composer, expect, fillSignIn, open, rowOf, signIn, test, write } from './inbox';
import { Somebody } from './office';

/** The tabs that hold a live stream now. */
function streamsOf(context: BrowserContext): () => Page[] {
  const streams = new Map<object, Page>();
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/live') streams.set(request, request.frame().page());
  });
  const ended = (request: object) => void streams.delete(request);
  context.on('requestfinished', ended);
  context.on('requestfailed', ended);
  return () => [...streams.values()].filter((page) => !page.isClosed());
}

test('seven tabs have one stream, all are live, each can send, and another leads when one is closed', async ({
  context,
  page,
}) => {
  test.setTimeout(180_000);
  const { phone, id } = await Somebody.named('Seven Tabbs');
  const streams = streamsOf(context);
  await signIn(page);
  await expect.poll(() => streams().length).toBe(1);
  const tabs = [page];
  while (tabs.length < 7) {
    const tab = await context.newPage();
    await tab.goto(`/conversations/${id}`);
    await expect(composer(tab)).toBeVisible();
    tabs.push(tab);
  }
  await open(page, 'Seven Tabbs');
  await phone.text('To all of you');
  for (const tab of tabs) await expect(bubble(tab, 'To all of you')).toBeVisible();
  expect(streams()).toHaveLength(1);
  for (const [n, tab] of tabs.entries()) {
    await write(tab, `From tab ${n}`);
    await expect(bubble(tab, `From tab ${n}`)).toContainText('Delivered');
  }

  // Whoever leads is closed, again and again; the last one is on its own.
  while (tabs.length > 1) {
    const [leader] = streams();
    expect(tabs).toContain(leader);
    tabs.splice(tabs.indexOf(leader!), 1);
    await leader!.close();
    await phone.text(`Now you are ${tabs.length}`);
    for (const tab of tabs) await expect(bubble(tab, `Now you are ${tabs.length}`)).toBeVisible();
    await expect.poll(() => streams().length).toBe(1);
  }
});

test('signing out in one tab reaches the others, and the next person shares nothing', async ({
  context,
  page,
}) => {
  const { phone } = await Somebody.named('Otto Next');
  const streams = streamsOf(context);
  await signIn(page);
  const other = await context.newPage();
  await other.goto('/conversations');
  await expect(rowOf(other, 'Otto Next').first()).toBeVisible();
  await page.getByRole('link', { name: /^Me, / }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  for (const tab of [page, other]) await expect(tab.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect.poll(() => streams().length).toBe(0);
  // Somebody else takes the place; the other tab still waits for whom it was.
  await fillSignIn(page, 'technician');
  await expect(page.getByRole('heading', { name: 'Conversations' })).toBeVisible();
  await expect.poll(() => streams()).toEqual([page]);
  await phone.text('Not for technicians');
  await expect(other.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(other.getByText('Not for technicians')).toHaveCount(0);
});
