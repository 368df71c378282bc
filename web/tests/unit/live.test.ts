// The one connection: events arrive whether or not anybody looks, and the stream knows better than the browser.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { Live, type LiveEvent } from '../../src/live/live.svelte';
import { mock, until } from './setup';

const TOM = '+12075550119';
let live: Live;
let heard: string[];
let batches = 0;

const hide = (hidden: boolean) => {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
};
const texts = (batch: LiveEvent[]) =>
  batch.flatMap((event) => (event.type === 'message.created' ? event.data.message.text : []));

beforeEach(async () => {
  heard = [];
  batches = 0;
  live = new Live({ onSignedOut: () => undefined });
  live.listen((batch) => {
    batches++;
    heard.push(...texts(batch));
  });
  live.start();
  await until(() => live.state === 'open' && batches > 0);
});
afterEach(() => {
  vi.useRealTimers();
  live.stop();
  vi.restoreAllMocks();
});

it('a tab that is hidden before its next frame still hears', async () => {
  const frames = vi.spyOn(globalThis, 'requestAnimationFrame').mockReturnValue(0);
  mock.receive(TOM, 'Just before');
  await until(() => frames.mock.calls.length > 0);
  expect(heard).toEqual([]);
  hide(true);
  expect(heard).toEqual(['Just before']);
  mock.receive(TOM, 'Just after');
  await until(() => heard.includes('Just after'));
});

it('a tab that is hidden for an hour stays connected', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  hide(true);
  // Now and then something comes, as the heartbeat does.
  for (let text = 'Line 0', n = 0; n < 120 && live.state === 'open'; text = `Line ${++n}`) {
    mock.receive(TOM, text);
    while (live.state === 'open' && !heard.includes(text)) {
      await new Promise(setImmediate);
      await vi.advanceTimersByTimeAsync(60);
    }
    await vi.advanceTimersByTimeAsync(30_000);
  }
  expect(live.state).toBe('open');
  expect(heard).toContain('Line 119');
});

it('an open stream means that we are online, whatever the browser thinks', async () => {
  live.stop();
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  live = new Live({ onSignedOut: () => undefined });
  expect(live.online).toBe(false);
  live.start();
  await until(() => live.state === 'open');
  expect(live.online).toBe(true);
});
