// Files, as an office user has them: attached, sent, seen on the customer's phone; and what customers send, looked at.
import type { Locator, Page } from '@playwright/test';

import { accessible, bubble, composer, expect, laidOut, open, picture, rowOf, test, write } from './inbox';
import { Somebody } from './office';
import { simulator, type Text } from './phones';
import { holdForms, letGo, postedAt, quartered, watchForms } from './sent';

test.setTimeout(120_000);

const PDF = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF');
const panelOf = (page: Page): Locator => page.getByRole('dialog', { name: 'Attach to this text' });
const chips = (page: Page): Locator =>
  page.locator('.composer form').getByRole('list', { name: 'Files of this message' });
const openPanel = (page: Page): Promise<void> => page.getByRole('button', { name: 'Attach a file' }).click();

const choose = (page: Page, ...files: [name: string, buffer: Buffer][]): Promise<void> =>
  panelOf(page)
    .locator('input[type=file]')
    .setInputFiles(files.map(([name, buffer]) => ({ name, mimeType: '', buffer })));

/** What the phone has, with its files. */
async function onPhone(number: string): Promise<(Text & { media: { content_type: string }[] })[]> {
  type Shown = { messages: (Text & { media: { content_type: string }[] })[] };
  const { messages } = await simulator<Shown>('GET', `phones/${encodeURIComponent(number)}/messages`);
  return messages.filter(({ sent_by }) => sent_by === 'line');
}

/** As a hand drops or pastes them, with words where there are some. */
const hand = (
  page: Page,
  event: 'drop' | 'dragover' | 'paste',
  on: string,
  name: string,
  bytes: Buffer,
  words = '',
) =>
  page.evaluate(
    ([event, on, name, bytes, words]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], name));
      if (words) data.setData('text/plain', words);
      const given = { bubbles: true, cancelable: true };
      const made =
        event === 'paste'
          ? new ClipboardEvent('paste', { ...given, clipboardData: data })
          : new DragEvent(event, { ...given, dataTransfer: data });
      return document.querySelector(on)!.dispatchEvent(made);
    },
    [event, on, name, [...bytes], words] as const,
  );

test('files are attached by browsing, dropping and pasting, and reach the phone with the words', async ({
  windowOf,
}) => {
  const { phone } = await Somebody.named('Ada Clip');
  const page = await windowOf('office');
  await open(page, 'Ada Clip');
  const [one, two, three] = [
    await quartered(page, 120, 90, 'image/png'),
    await quartered(page, 160, 90, 'image/jpeg'),
    await quartered(page, 90, 90, 'image/png'),
  ];
  await openPanel(page);
  await expect(panelOf(page)).toContainText('JPG, PNG, GIF, HEIC, MP4, PDF, contact card');
  await accessible(page);
  await choose(page, ['valve.png', one], ['empty.txt', Buffer.alloc(0)]);
  await expect(panelOf(page).getByRole('listitem').filter({ hasText: 'empty.txt' })).toContainText(
    'This file is empty.',
  );
  await expect(panelOf(page)).toContainText('ready', { timeout: 30_000 });
  await picture(page, 'attach');
  await laidOut(page);
  await page.keyboard.press('Escape');
  await expect(panelOf(page)).toBeHidden();
  await expect(composer(page)).toBeFocused();

  await hand(page, 'dragover', '.log', 'x', one);
  await expect(page.getByText('Drop to attach to the text to Ada')).toBeVisible();
  await picture(page, 'attach-drop');
  await hand(page, 'drop', '.log', 'pump.jpg', two!);
  await expect(page.getByText('Drop to attach to the text to Ada')).toBeHidden();
  // With words beside it the words are meant; alone, the picture.
  expect(await hand(page, 'paste', 'textarea', 'cell.png', three!, 'B4')).toBe(true);
  expect(await hand(page, 'paste', 'textarea', 'image.png', three!)).toBe(false);
  await expect(chips(page).getByRole('listitem')).toHaveCount(3);
  await expect(chips(page)).not.toContainText('uploaded', { timeout: 30_000 });
  await picture(page, 'attach-row');
  await accessible(page);

  await write(page, 'Before and after');
  await expect(bubble(page, 'Before and after')).toContainText('Delivered', { timeout: 30_000 });
  await expect(bubble(page, 'Before and after').getByRole('img')).toHaveCount(3);
  await expect(chips(page)).toBeHidden();
  const last = (await onPhone(phone.number)).at(-1)!;
  expect(last.body).toBe('Before and after');
  expect(last.media.map(({ content_type }) => content_type)).toEqual([
    'image/png',
    'image/jpeg',
    'image/png',
  ]);
});

test('what a text does not carry goes as a private link, said before, and asks where it may tell more', async ({
  windowOf,
}) => {
  const { phone } = await Somebody.named('Lea Link');
  const page = await windowOf('office');
  await open(page, 'Lea Link');
  await openPanel(page);
  await choose(page, ['notes.txt', Buffer.from('Boiler: 22 kW')], ['../../\u202efdp.warranty', PDF]);
  const lines = panelOf(page).getByRole('listitem');
  await expect(lines.first()).toContainText('goes as a private link: texts do not carry this type');
  // A name is text, and shows what it is.
  await expect(lines.nth(1)).toContainText('fdp.warranty');
  await expect(panelOf(page)).not.toContainText('uploaded', { timeout: 30_000 });
  await panelOf(page).getByRole('button', { name: 'Attach 2 files' }).click();
  await write(page, 'All about it');
  const ask = page.getByRole('alert');
  await expect(ask).toContainText('cannot be taken out');
  await picture(page, 'attach-asks');
  await accessible(page);
  await ask.getByRole('button', { name: 'Send as it is' }).click();
  const sent = page.getByRole('article').filter({ hasText: 'All about it' });
  await expect(sent).toContainText('Delivered', { timeout: 30_000 });
  await expect(sent.getByRole('link', { name: /notes\.txt/ })).toBeVisible();
  await expect(sent).toContainText('Sent as a private link');
  const last = (await onPhone(phone.number)).at(-1)!;
  expect(last.body).toMatch(/\/media\/[\w-]{22,}/);
  const address = /https?:\S+\/media\/[\w-]{22,}/.exec(last.body)![0];
  expect(await (await fetch(address)).text()).toBe('Boiler: 22 kW');
});

test('a message waits for its files, and goes by itself', async ({ windowOf }) => {
  const [{ phone }, other] = [await Somebody.named('Will Wait'), await Somebody.named('Otto Other')];
  const page = await windowOf('office');
  await watchForms(page);
  await page.reload();
  await open(page, 'Will Wait');
  const photo = await quartered(page, 200, 100, 'image/jpeg');
  await holdForms(page);
  await openPanel(page);
  await choose(page, ['slow.jpg', photo]);
  await postedAt(page, 0, false);
  await page.keyboard.press('Escape');
  await write(page, 'With a photo');
  await expect(bubble(page, 'With a photo')).toContainText('Goes once its files are up');
  await expect(composer(page)).toHaveValue('');
  await expect(rowOf(page, 'Will Wait')).toContainText('With a photo');
  // Elsewhere nothing of it is attached.
  await open(page, 'Otto Other');
  await expect(chips(page)).toBeHidden();
  await write(page, 'Nothing with this one');
  await expect(bubble(page, 'Nothing with this one')).toContainText('Delivered', { timeout: 30_000 });
  await letGo(page);
  await expect
    .poll(async () => (await onPhone(phone.number)).at(-1)?.body, { timeout: 30_000 })
    .toBe('With a photo');
  expect((await onPhone(other.phone.number)).at(-1)?.media).toEqual([]);
});

/** How many messages wait on this device, with their files. */
const waiting = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((tell) => {
        const asked = indexedDB.open('porchlight');
        asked.onsuccess = () => {
          const count = asked.result.transaction('unsent').objectStore('unsent').count();
          count.onsuccess = () => (asked.result.close(), tell(count.result));
        };
      }),
  );

test('a reload keeps a message that waits for its files, it goes by itself, and the other window is as it is', async ({
  windowOf,
}) => {
  await Somebody.named('Rhea Load');
  const page = await windowOf('office');
  await watchForms(page);
  await page.reload();
  await open(page, 'Rhea Load');
  const photo = await quartered(page, 200, 100, 'image/jpeg');
  await openPanel(page);
  await choose(page, ['up.jpg', photo]);
  await expect(panelOf(page)).toContainText('ready', { timeout: 30_000 });
  const second = await page.context().newPage();
  await second.goto(page.url());
  await expect(composer(second)).toBeVisible();
  await holdForms(page);
  await choose(page, ['half.jpg', photo]);
  await postedAt(page, 1, false);
  await page.keyboard.press('Escape');
  await write(page, 'Two of them');
  await expect(bubble(page, 'Two of them')).toContainText('Goes once its files are up');
  await expect.poll(() => waiting(page)).toBe(1);
  await page.reload();
  await expect(bubble(page, 'Two of them')).toContainText('Delivered', { timeout: 60_000 });
  await expect(composer(page)).toHaveValue('');
  await expect(chips(second)).toBeHidden();
});

test('photos of a thread are looked at one after the other, near, turned, and put away', async ({
  windowOf,
}) => {
  const { phone } = await Somebody.named('Lux Box');
  const page = await windowOf('office');
  await open(page, 'Lux Box');
  const [wide, high] = [
    await quartered(page, 900, 500, 'image/jpeg'),
    await quartered(page, 500, 900, 'image/jpeg'),
  ];
  for (const [words, bytes] of [
    ['The first', wide],
    ['The second', high],
  ] as const) {
    await phone.text(words, { media: [{ content_type: 'image/jpeg', bytes: bytes.toString('base64') }] });
    await expect(page.getByRole('log')).toContainText(words);
  }
  const photos = page.getByRole('log').getByRole('button', { name: 'Photo from Lux' });
  await expect(photos).toHaveCount(2, { timeout: 30_000 });
  await photos.last().click();
  const box = page.getByRole('dialog', { name: 'Photo from Lux' });
  await expect(box).toContainText('2 of 2');
  const image = box.getByRole('img');
  await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalHeight)).toBe(900);
  await picture(page, 'lightbox');
  await accessible(page);
  for (let i = 0; i < 9; i++) await page.keyboard.press('+');
  await expect(box).toContainText('500%');
  await page.keyboard.press('0');
  await page.keyboard.press('r');
  await expect
    .poll(() => image.evaluate((one) => getComputedStyle(one).transform))
    .toMatch(/matrix\(.*1, -1/);
  await box.locator('.stage').hover();
  await page.mouse.wheel(0, -400);
  await expect(box).not.toContainText('100%');
  await page.keyboard.press('0');
  await page.keyboard.press('ArrowLeft');
  await expect(box).toContainText('1 of 2');
  await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(900);
  const save = box.getByRole('link', { name: 'Save' });
  await expect(save).toHaveAttribute('download', /\.jpe?g$/);
  await page.keyboard.press('Escape');
  await expect(box).toBeHidden();
  await expect(photos.last()).toBeFocused();
});

test('what customers send is shown by its kind', async ({ windowOf }) => {
  const { phone } = await Somebody.named('Kit Kinds');
  const page = await windowOf('office');
  await open(page, 'Kit Kinds');
  const card =
    'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Rosa Müller\r\nTEL;TYPE=CELL:(207) 555-0199\r\nEND:VCARD\r\n';
  const media = [
    ['text/vcard', Buffer.from(card)],
    ['audio/amr', Buffer.from('#!AMR\n12345')],
    ['application/pdf', PDF],
  ].map(([content_type, bytes]) => ({ content_type, bytes: (bytes as Buffer).toString('base64') }));
  await phone.text('Three things', { media });
  const message = page.getByRole('article').filter({ hasText: 'Three things' });
  await expect(message).toContainText('Rosa Müller', { timeout: 30_000 });
  await expect(message.getByRole('link', { name: '(207) 555-0199' })).toHaveAttribute(
    'href',
    'tel:2075550199',
  );
  await expect(message).toContainText('This browser cannot play it.');
  await expect(message.getByRole('link', { name: /PDF/ })).toHaveAttribute('download', /\.pdf$/);
  await picture(page, 'files-by-kind');
  await accessible(page);
  await laidOut(page);
});
