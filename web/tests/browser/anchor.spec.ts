// A link to a message shows that message, wherever in the thread it stands, and goes on showing it.
import type { Page } from '@playwright/test';

import { bubble, composer, expect, test } from './inbox';
import { Somebody, type Message, type Office } from './office';

/** Of every height, from a word to more than half of the log; none is taller than it, or it could not be seen whole. */
const words = (n: number) =>
  `Message ${n}. ${'About the boiler, the pump and the valve in the cellar. '.repeat((n * 7) % 17)}`.trim();

/** Waits until the log has come to rest: it stands where it stood for twenty frames. */
const atRest = (page: Page): Promise<void> =>
  page.getByRole('log').evaluate(
    (log) =>
      new Promise<void>((done) => {
        let [top, height, still] = [-1, -1, 0];
        const look = () => {
          still = log.scrollTop === top && log.scrollHeight === height ? still + 1 : 0;
          [top, height] = [log.scrollTop, log.scrollHeight];
          if (still < 20) requestAnimationFrame(look);
          else done();
        };
        look();
      }),
  );

/** Opens the link to a message; it is there, is marked, and stays. */
async function link(page: Page, id: string, { id: message, text }: Pick<Message, 'id' | 'text'>) {
  await page.goto(`/conversations/${id}/messages/${message}`);
  const linked = page.getByRole('log').locator('article.linked');
  await expect(linked.locator('.bubble')).toHaveText(text.trim());
  await atRest(page);
  await expect(linked.locator('.bubble'), text.slice(0, 20)).toBeInViewport({ ratio: 0.99 });
}

test('each message of a short thread', async ({ windowOf }) => {
  test.setTimeout(300_000);
  const { phone, office, id } = await Somebody.named('Anka Short');
  for (let n = 2; n <= 30; n++) {
    if (n % 4 === 0) await office.reply(id, words(n));
    else await phone.text(words(n));
  }
  const messages = await office.messages(id);
  expect(messages).toHaveLength(30);
  const page = await windowOf('office', { viewport: { width: 1280, height: 720 } });
  for (const message of messages) await link(page, id, message);
  // What comes meanwhile does not take it away.
  const held = messages[26]!;
  await link(page, id, held);
  for (let n = 31; n <= 34; n++) await phone.text(words(n));
  await expect(page.getByRole('button', { name: /\d new/ })).toBeVisible();
  await atRest(page);
  await expect(page.locator('article.linked .bubble')).toBeInViewport({ ratio: 0.99 });
});

/** Somebody has answered: nothing is new to anybody. The customer's message. */
async function calm(office: Office, id: string): Promise<Message> {
  await office.reply(id, 'Ana here.');
  return (await office.messages(id))[0]!;
}

/** Answers as if the thread had so many messages, each made from one that it has. */
async function grow(page: Page, id: string, one: Message, count: number): Promise<Message[]> {
  const all = Array.from({ length: count }, (_, at) => ({
    ...one,
    id: String(at + 1).padStart(26, '0'),
    seq: at + 1,
    text: words(at + 1),
    created_at: new Date(Date.parse('2026-01-05T12:00:00Z') + at * 7 * 60_000).toISOString(),
  }));
  await page.route(new RegExp(`/api/conversations/${id}/messages\\?`), async (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const limit = Number(asked.get('limit'));
    const around = all.find(({ id, seq }) => [id, `${seq}`].includes(asked.get('around') ?? ''))?.seq ?? null;
    const before = Number(asked.get('before') ?? count + 1);
    const after = Number(asked.get('after') ?? before - 1 - limit);
    const from = Math.max(0, around === null ? after : around - limit / 2);
    const messages = all.slice(from, Math.min(before - 1, from + limit));
    const last = messages.at(-1)?.seq ?? 0;
    const [next_before, next_after] = [from > 0 ? from + 1 : null, last < count ? last : null];
    // Without a place that is asked for, a page leads back only.
    const goes_on = asked.has('around') || asked.has('after') ? next_after : null;
    await route.fulfill({ json: { messages, next_before, next_after: goes_on, target_seq: around } });
  });
  return all;
}

test('messages all over a long thread', async ({ windowOf }) => {
  test.setTimeout(300_000);
  const { office, id } = await Somebody.named('Anton Long');
  const page = await windowOf('office', { viewport: { width: 1280, height: 720 } });
  const one = await calm(office, id);
  const all = await grow(page, id, one, 3000);
  const near = [3000, 2999, 2998, 2997, 2996, 2995, 2993, 2990, 2987, 2980, 2951, 2950];
  const far = [2900, 2750, 2500, 2001, 1500, 999, 400, 33, 2, 1];
  for (const n of [...near, ...far]) await link(page, id, all[n - 1]!);
});

test('who scrolls up at once is where they scrolled to', async ({ windowOf }) => {
  const { office, id } = await Somebody.named('Anders Hasty');
  const page = await windowOf('office', { viewport: { width: 1280, height: 720 } });
  const one = await calm(office, id);
  await grow(page, id, one, 400);
  for (let time = 0; time < 5; time++) {
    await page.goto(`/conversations/${id}`);
    // In the frame in which it is drawn, while its rows are still being measured, and on.
    await page.evaluate(async () => {
      const frame = () => new Promise((next) => requestAnimationFrame(next));
      const log = () => document.querySelector<HTMLElement>('[role=log]');
      while (!log()?.querySelector('article')) await frame();
      for (let step = 0; step < 6; step++) {
        log()?.dispatchEvent(new WheelEvent('wheel', { deltaY: -120, bubbles: true }));
        log()?.scrollBy(0, -120);
        await frame();
      }
    });
    await atRest(page);
    await expect(page.getByRole('button', { name: 'Newest' })).toBeVisible();
    await expect(page.getByRole('log').getByText('Message 400.')).not.toBeInViewport();
  }
  await page.getByRole('button', { name: 'Newest' }).click();
  await expect(page.getByRole('log').getByText('Message 400.')).toBeInViewport();
});

test('a grown composer leaves the end in sight, and what is sent is there', async ({ windowOf }) => {
  const { office, id } = await Somebody.named('Anna Tall');
  const page = await windowOf('office', { viewport: { width: 1280, height: 720 } });
  // Of the server's own making: what is sent takes its place after them.
  for (let n = 2; n <= 30; n++) await office.reply(id, words(n));
  await page.goto(`/conversations/${id}`);
  await expect(page.getByRole('log').getByText('Message 30.')).toBeInViewport();
  await composer(page).fill('A line\n'.repeat(7));
  await atRest(page);
  await expect(page.getByRole('log').getByText('Message 30.')).toBeInViewport();
  await composer(page).fill('One word');
  await composer(page).press('Enter');
  await expect(bubble(page, 'One word').last()).toBeInViewport();
});

test('the way to the newest message keeps the focus: at its button until one leaves it, then at the log', async ({
  windowOf,
}) => {
  const { office, id } = await Somebody.named('Anton Keys');
  for (let n = 2; n <= 30; n++) await office.reply(id, words(n));
  const page = await windowOf('office', { viewport: { width: 1280, height: 720 } });
  await page.goto(`/conversations/${id}`);
  const [log, newest] = [page.getByRole('log'), page.getByRole('button', { name: 'Newest' })];
  await expect(log.getByText('Message 30.')).toBeInViewport();
  await log.focus();
  await page.keyboard.press('PageUp');
  await newest.focus();
  // What scrolls on by itself takes no button from under anybody.
  await log.evaluate((it) => it.scrollTo(0, it.scrollHeight));
  await expect(log.getByText('Message 30.')).toBeInViewport();
  await expect(newest).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(log).toBeFocused();
  await expect(newest).toBeHidden();
});

test('a draft that is written anew leaves the newest message above it', async ({ windowOf }) => {
  const { phone, office, id } = await Somebody.named('Anka Phone');
  for (let n = 2; n <= 12; n++) await phone.text(words(n));
  await calm(office, id);
  const page = await windowOf('office', { viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.goto(`/conversations/${id}`);
  await expect(bubble(page, 'Ana here.')).toBeInViewport({ ratio: 0.99 });
  const draft = 'The tank, parts and today’s visit are free. Luis will be there between 2 and 4. '.repeat(2);
  // Once it grows; then it shrinks and grows at one stroke, and is as high as before.
  for (let times = 0; times < 3; times++) {
    await composer(page).fill(draft);
    await atRest(page);
    await expect(bubble(page, 'Ana here.')).toBeInViewport({ ratio: 0.99 });
  }
});
