// No content breaks a thread: one with every odd message that there is opens, newly loaded, and is whole.
import type { Page } from '@playwright/test';

import { accessible, composer, expect, laidOut, test, WHOLE, write } from './inbox';
import { Somebody } from './office';

const WORDS = [
  ['invisible', '\u200B\u200D\uFEFF\u2060'],
  ['blank', '   \n\n  '],
  ['braille and filler blanks', '\u2800\u3164'],
  ['huge', 'long words '.repeat(145)],
  ['one word', 'W'.repeat(1600)],
  ['many lines', 'line\n'.repeat(200)],
  ['right to left', 'مرحبا، السخان لا يعمل 2-4 (عاجل)! שלום'],
  ['other scripts', 'お湯が出ません。 น้ำรั่ว 물이 샙니다 нет воды'],
  ['marks upon marks', 'Z̸̢̛̜̥̬̳̊̅̋͗͘a̷̛͉̱̬̣̋̀͘ ' + 'e\u0301\u0323\u0335'.repeat(60)],
  ['emoji', '👨‍👩‍👧‍👦👩🏽‍🚒🏳️‍🌈' + '👍🏾'.repeat(80)],
  ['a keycap', '1️⃣'],
  ['only a letter in a box', 'ℹ️'],
  ['turned direction', '\u202Egnp.exe\u202C \u2067right to left\u2069'],
  ['half a fence', '```\nnot closed'],
  ['marks of markdown', '**_`[x](javascript:alert(1))`_** ¯\\_(ツ)_/¯ ________'],
  ['an address without end', `https://example.com/${'a'.repeat(1000)}?q=[]{}()`],
  ['an object', '{"text":null,"__proto__":{}}'],
  ['words of the program', 'constructor __proto__ undefined null NaN'],
] as const;
const FILES = [
  'image/svg+xml',
  'image/heic',
  'text/vcard',
  'audio/amr',
  'video/3gpp',
  'application/pdf',
  'application/octet-stream',
  'x/y; charset="',
];
const bytes = Buffer.from('no such picture').toString('base64');

/** Everything of one page of messages happened in the same millisecond, and each was reacted to twice in another. */
async function atOnce(page: Page): Promise<void> {
  await page.route(/\/messages\?/, async (route) => {
    const answer = await route.fetch();
    const found = (await answer.json()) as { messages: Record<string, unknown>[] };
    const at = found.messages[0]?.['created_at'];
    for (const message of found.messages) {
      message['created_at'] = at;
      message['reactions'] = ['❤️', '👍', 'liked'].map((kind) => ({ kind, at }));
    }
    await route.fulfill({ response: answer, json: found });
  });
}

test('a thread of every odd message opens whole, and goes on', async ({ windowOf }) => {
  test.setTimeout(120_000);
  const { phone, office, id } = await Somebody.named('Odd Bodkin');
  for (const [, words] of WORDS) await phone.text(words);
  await phone.text('', { media: FILES.map((content_type) => ({ content_type, bytes })) });
  await phone.text('');
  await Promise.all([phone.text('At once'), phone.text('At once')]);
  await office.reply(id, 'Are you all right?');
  const count = (await office.messages(id)).length;
  const page = await windowOf('office', { viewport: { width: 1440, height: 16_000 } });
  await atOnce(page);
  await page.goto(`/conversations/${id}`);
  const log = page.getByRole('log');
  await expect(log.getByRole('article')).toHaveCount(count);
  await expect(log.getByText('cannot be shown')).toHaveCount(0);
  await expect(log.locator('.badge')).toHaveCount(3 * count);
  await laidOut(page);
  await accessible(page);
  // It lives: what comes now, and what is written now, is there.
  await phone.text('Still here');
  await expect(log).toContainText('Still here');
  await write(page, 'So are we');
  await expect(log).toContainText('So are we');
  await expect(composer(page)).toHaveValue('');
});

test('on a phone, too, with what is new', async ({ windowOf }) => {
  const { phone, id } = await Somebody.named('Odd Bodkin Junior');
  for (const [, words] of WORDS) await phone.text(words);
  const page = await windowOf('office', { viewport: { ...WHOLE, width: 390 } });
  await page.goto(`/conversations/${id}`);
  await expect(page.getByRole('log').getByText('New since you were here')).toBeVisible();
  await laidOut(page);
});
