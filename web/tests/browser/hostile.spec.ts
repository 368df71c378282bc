// Strings that wish to be more than text, or more than a line: as names, texts, files, notes, jobs. They are shown as
// they are, do nothing, and push nothing out of its place.
import type { Page } from '@playwright/test';

import { ulid } from '../../src/app/ulid';
import { accessible, composer, expect, laidOut, picture, rows, system, test } from './inbox';
import { Office } from './office';
import { Phone } from './phones';

const STRINGS: [string, string][] = [
  ['html', '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script><b>bold</b>'],
  ['attribute', '" onmouseover="window.harmed=1" style="position:fixed;inset:0" x="'],
  ['template', "{{constructor.constructor('window.harmed=1')()}}${window.harmed=1}{@html '<i>'}"],
  [
    'link',
    '[press](javascript:window.harmed=1) javascript:window.harmed=1 https://example.com/"><script>window.harmed=1</script>',
  ],
  ['markdown', '**bold `code** _x_ ```\n> ' + '*'.repeat(80)],
  ['overrides', '\u202Egnp.exe\u202C \u2067right to left\u2069 \u200F\u200E invoice\u202Efdp.exe'],
  ['arabic', 'مرحبا، السخان لا يعمل 2-4 (عاجل)! שלום'],
  ['zalgo', 'Z̸̢̛̜̥̬̳̊̅̋͗͘a̷̛͉̱̬̣̋̀͘l̶̡̛̗͖̗̾̂g̵̢̛̞̭̩̏̾ò̴̢̧̺̱̌ ' + 'e\u0301\u0323\u0335'.repeat(20)],
  ['emoji', '👨‍👩‍👧‍👦👩🏽‍🚒🏳️‍🌈🇺🇸🧑🏿‍🤝‍🧑🏻' + '👍🏾'.repeat(30)],
  ['nothing', '\u200B\u200D\uFEFF\u2028\u2029 \u0007'],
  ['word', 'W'.repeat(199)],
  ['numbers', '1'.repeat(60) + '.' + '9'.repeat(60)],
];
const LONGEST = 'A'.repeat(1600);
const TEN_THOUSAND = 'Donaudampfschiff'.repeat(625);

/** In the range that is kept for fiction, one for each string. */
const phoneOf = (index: number) => new Phone(`+1207555${String(300 + index).padStart(4, '0')}`);

async function harmless(page: Page): Promise<void> {
  expect(await page.evaluate(() => 'harmed' in window)).toBe(false);
  expect(
    await page.locator('main').locator('script, iframe, object, embed, b:text-is("bold") > *').count(),
  ).toBe(0);
  expect(await page.locator('a[href^="javascript" i]').count()).toBe(0);
  await laidOut(page);
}

test.beforeAll(async () => {
  const office = await Office.signIn('admin');
  for (const [index, [kind, words]] of STRINGS.entries()) {
    const name = words.slice(0, 199).trim() || 'x';
    const more = { notes: words, address: words.slice(0, 400) };
    const customer = await office.customer(name, phoneOf(index).number, more);
    const job = { customer_id: customer, number: 7000 + index, title: name, status: 'scheduled' };
    await office.ask('PUT', `/api/jobs/${ulid(Date.now())}`, job);
    await phoneOf(index).text(words);
    await phoneOf(index).text(LONGEST);
    const { id } = await office.with(phoneOf(index).number);
    // What shows nothing is not sent.
    await office.reply(id, kind === 'nothing' ? 'x' : words);
  }
});

for (const size of ['desktop', 'phone'] as const)
  test(`names, texts, notes and jobs are text: ${size}`, async ({ windowOf }) => {
    test.setTimeout(120_000);
    const viewport = size === 'phone' ? { width: 390, height: 844 } : { width: 1440, height: 900 };
    const page = await windowOf('admin', { viewport });
    const office = await Office.signIn('admin');
    await harmless(page);
    await picture(page, `hostile-list-${size}-light`);
    for (const [index, [kind, words]] of STRINGS.entries()) {
      const { id } = await office.with(phoneOf(index).number);
      await page.goto(`/conversations/${id}`);
      await expect(page.getByRole('log').locator('.bubble').first()).toBeVisible();
      await harmless(page);
      if (kind === 'html') {
        // As it was written, to the letter.
        await expect(page.getByRole('log')).toContainText(words);
        await expect(page).toHaveTitle(new RegExp('<img src=x'));
      }
      if (kind === 'word' || kind === 'overrides') await accessible(page);
      if (kind === 'html' || kind === 'overrides') await picture(page, `hostile-${kind}-${size}-light`);
    }
  });

test('a name that turns the direction turns only itself', async ({ windowOf }) => {
  const page = await windowOf('admin');
  for (const row of await rows(page).all()) {
    const [name, time, whole] = await Promise.all(
      [row.locator('.name'), row.locator('time').first(), row].map((part) => part.boundingBox()),
    );
    // The time stands right of the name, inside its row.
    expect(time!.x).toBeGreaterThanOrEqual(name!.x + name!.width - 1);
    expect(time!.x + time!.width).toBeLessThanOrEqual(whole!.x + whole!.width);
  }
});

test('words of ten thousand letters stay in their box, in the search and in the palette', async ({
  windowOf,
}) => {
  const page = await windowOf('office');
  const office = await Office.signIn('admin');
  const { id } = await office.with(phoneOf(0).number);
  await page.goto(`/conversations/${id}`);
  await composer(page).fill(TEN_THOUSAND);
  await laidOut(page);
  await expect(page.getByRole('button', { name: /^Send(?! later)/ })).toBeInViewport();
  await composer(page).fill('');
  await page.getByRole('searchbox').fill(TEN_THOUSAND.slice(0, 2000));
  await expect(
    page.getByRole('region', { name: 'Conversations' }).getByRole('heading', { level: 2 }),
  ).toBeVisible();
  await laidOut(page);
  await page.getByRole('searchbox').fill('');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('<script>window.harmed=1</script>');
  // It finds who is called that.
  await expect(page.getByRole('option')).not.toHaveCount(0);
  await harmless(page);
});

test('files that wish to be pages are files', async ({ windowOf }) => {
  const page = await windowOf('office');
  const phone = phoneOf(0);
  const office = await Office.signIn('admin');
  const bytes = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" onload="window.harmed=1"><script>window.harmed=1</script></svg>',
  ).toString('base64');
  const media = ['image/svg+xml', 'text/html', 'application/pdf"><script>'].map((content_type) => ({
    content_type,
    bytes,
  }));
  await phone.text('Files', { media });
  const { id } = await office.with(phone.number);
  await page.goto(`/conversations/${id}`);
  await expect(page.getByRole('log')).toContainText('Files');
  await harmless(page);
});

test('on the simulator’s page too, with the names of files', async ({ page }) => {
  await page.goto(`${system.simulator_url}/#${encodeURIComponent(phoneOf(0).number)}`);
  await expect(page.getByRole('log')).toContainText('<img src=x');
  for (const [index, [, words]] of STRINGS.entries()) {
    await page.getByLabel('Phone', { exact: true }).selectOption(phoneOf(index).number);
    await expect(page.getByRole('log')).toContainText('AAAA');
    const name = `${words.replaceAll('/', '-').slice(0, 100)}.png`;
    await page
      .getByLabel('Files', { exact: true })
      .setInputFiles({ name, mimeType: 'image/png', buffer: Buffer.from([137, 80, 78, 71]) });
    await expect(
      page.getByRole('list', { name: 'Files to send' }).getByRole('listitem').first(),
    ).toBeVisible();
    expect(await page.evaluate(() => 'harmed' in window)).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  }
});
