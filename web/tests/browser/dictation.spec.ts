// Dictation: from the microphone to words at the cursor. The service is a fake of OpenAI's on the port that the machine was
// told of; the microphone is Chromium's own, which beeps.
import { createServer, type Server } from 'node:http';

import type { BrowserContext, Page } from '@playwright/test';

import { accessible, composer, expect, laidOut, open, picture, signIn, test } from './inbox';
import { Somebody } from './office';

const PORT = Number(process.env['TRANSCRIBER_PORT'] ?? 0);
test.skip(PORT === 0, 'the machine was told of no service');
test.use({
  permissions: ['microphone'],
  launchOptions: {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  },
});

let service: Server;
/** What it answers next. */
let next: { status: number; text: string; hang?: boolean };
/** How long each recording was. */
let asked: number[];

test.beforeAll(async () => {
  service = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      asked.push(Buffer.concat(pieces).length);
      if (next.hang) return;
      response.writeHead(next.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(next.status === 200 ? { text: next.text } : { error: { code: 'x' } }));
    });
  });
  await new Promise<void>((resolve) => service.listen(PORT, '127.0.0.1', resolve));
});
test.afterAll(() => void service.close());
test.beforeEach(() => {
  next = { status: 200, text: 'The relief valve leaks.' };
  asked = [];
});

const mic = (page: Page) => page.getByRole('button', { name: 'Dictate' });
const panel = (page: Page) => page.getByRole('region', { name: 'Dictation' });
const stop = (page: Page) => page.getByRole('button', { name: 'Stop and transcribe' });

async function ready(page: Page, name: string): Promise<string> {
  const { id } = await Somebody.named(name);
  await signIn(page);
  await open(page, name);
  return id;
}

/** Records a little, until the microphone was heard. */
async function speak(page: Page): Promise<void> {
  await expect(panel(page).getByText(/0:(0[1-9]|[1-5]\d) of 5:00/)).toBeVisible();
}

test('what is said stands at the cursor, unsent; one undo takes away exactly that', async ({ page }) => {
  await ready(page, 'Dora Dictate');
  await composer(page).pressSequentially('Before after');
  await composer(page).press('ArrowLeft');
  for (let n = 0; n < 4; n++) await composer(page).press('ArrowLeft');
  await mic(page).click();
  await expect(stop(page)).toBeFocused();
  await speak(page);
  await accessible(page);
  await laidOut(page);
  await picture(page, 'dictation-light');
  await page.keyboard.press('Enter');
  await expect(composer(page)).toHaveValue('Before The relief valve leaks. after');
  await expect(panel(page)).toBeHidden();
  await expect(composer(page)).toBeFocused();
  expect(asked).toHaveLength(1);
  await page.keyboard.type('X');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(composer(page)).toHaveValue('Before after');
  await expect(page.getByRole('log').getByText('relief valve')).toHaveCount(0);
});

test('a recording stays until it is written down: after each failure, in another conversation too', async ({
  page,
}) => {
  test.setTimeout(90_000);
  await Somebody.named('Other Thread');
  const id = await ready(page, 'Fay Failure');
  await mic(page).click();
  await speak(page);
  next = { status: 500, text: '' };
  await stop(page).click();
  await expect(panel(page)).toContainText('Your recording is still here.');
  await expect(panel(page)).toContainText('takes nothing just now');
  await accessible(page);
  await picture(page, 'dictation-failed-light');
  next = { status: 401, text: '' };
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(panel(page)).toContainText('refuses our key');
  await page.route('**/api/transcriptions*', (route) => route.abort('connectionreset'));
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(panel(page)).toContainText('Check your connection');
  await page.unroute('**/api/transcriptions*');

  // Away and back: it waits.
  await open(page, 'Other Thread');
  await expect(panel(page)).toBeHidden();
  await page.goBack();
  await expect(panel(page)).toContainText('Your recording is still here.');
  next = { status: 200, text: 'Late, but here' };
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(composer(page)).toHaveValue('Late, but here');
  await expect(page).toHaveURL(new RegExp(id));
});

test('left in the middle, the microphone closes and the recording is kept; thrown away, it can be had back', async ({
  page,
}) => {
  await Somebody.named('Lee Elsewhere');
  await ready(page, 'Mia Middle');
  await mic(page).click();
  await speak(page);
  await open(page, 'Lee Elsewhere');
  await page.goBack();
  await expect(panel(page)).toContainText('waits here');
  await panel(page).getByRole('button', { name: 'Throw away' }).click();
  await expect(panel(page)).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(panel(page)).toContainText('waits here');
  await panel(page).getByRole('button', { name: 'Write it down', exact: true }).click();
  await expect(composer(page)).toHaveValue('The relief valve leaks.');
});

test('silence, and speech without words, say so; nothing is lost', async ({ page, context }) => {
  await quiet(context);
  await ready(page, 'Sia Lence');
  await composer(page).fill('Kept as it is');
  await mic(page).click();
  await speak(page);
  await stop(page).click();
  await expect(panel(page)).toContainText('We heard nothing.');
  expect(asked).toHaveLength(0);
  next = { status: 200, text: '' };
  await page.getByRole('button', { name: 'Write it down anyway' }).click();
  await expect(panel(page)).toContainText('No words were found in it.');
  await expect(composer(page)).toHaveValue('Kept as it is');
});

/** A microphone that is muted. */
const quiet = (context: BrowserContext) =>
  context.addInitScript(() => {
    AnalyserNode.prototype.getFloatTimeDomainData = (samples: Float32Array) => void samples.fill(0);
  });

test('a microphone that is blocked or missing says what to do', async ({ page, context }) => {
  await context.addInitScript(() => {
    let times = 0;
    // Not on the empty page before ours.
    if (!navigator.mediaDevices) return;
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('no', times++ === 0 ? 'NotAllowedError' : 'NotFoundError'));
  });
  await page.setViewportSize({ width: 390, height: 844 });
  await ready(page, 'Nora Denied');
  await mic(page).click();
  await expect(panel(page)).toContainText('The microphone is blocked.');
  await accessible(page);
  await laidOut(page);
  await picture(page, 'dictation-denied-phone-light');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(panel(page)).toContainText('No microphone was found.');
  await page.getByRole('button', { name: 'Close dictation' }).click();
  await expect(panel(page)).toBeHidden();
});

test('without a service the browser’s own writes down, where it does so on the device; else it says what to set up', async ({
  page,
  context,
}) => {
  await context.route('**/api/settings/dictation', (route) =>
    route.fulfill({ json: { set_up: false, languages: ['en'] } }),
  );
  await ready(page, 'Una Set');
  await mic(page).click();
  await expect(panel(page)).toContainText('Dictation is not set up.');
  await page.keyboard.press('Escape');
  await expect(panel(page)).toBeHidden();
  await page.evaluate(() => {
    class SpeechRecognition {
      onresult: ((event: unknown) => void) | null = null;
      onend: (() => void) | null = null;
      static available = ({ processLocally }: { processLocally: boolean }) =>
        Promise.resolve(processLocally ? 'available' : 'unavailable');
      start() {}
      stop() {
        this.onresult?.({ results: [{ isFinal: true, 0: { transcript: 'On the device' } }] });
        this.onend?.();
      }
    }
    Object.assign(globalThis, { SpeechRecognition });
  });
  await mic(page).click();
  await speak(page);
  await stop(page).click();
  await expect(composer(page)).toHaveValue('On the device');
  expect(asked).toHaveLength(0);
});

test('the languages are an admin’s to choose', async ({ windowOf }) => {
  const page = await windowOf('admin');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Dictation' }).click();
  await expect(page.getByText('Recordings go there, and nowhere else.')).toBeVisible();
  await page.getByRole('checkbox', { name: 'French' }).check();
  await accessible(page);
  await laidOut(page);
  await picture(page, 'settings-dictation-light');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('checkbox', { name: 'French' })).toBeChecked();
});
