// What jsdom lacks, and the way from `fetch('/api/…')` to the mock of the back end.
import 'fake-indexeddb/auto';

import '../../src/app/composing';
import { transferableAbortController } from 'node:util';

import { configure } from '@testing-library/svelte';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

import { now } from '../../src/app/now.svelte';
import * as contract from '../mock/contract.mjs';
import { startMock } from '../mock/server.mjs';

type Mock = Awaited<ReturnType<typeof startMock>>;

/** The back end of this test file; its faults and its world are the test's to change. */
export let mock: Mock;
/** The network: off means that every request fails as on a plane. */
export const network = { on: true };

const native = globalThis.fetch;
let cookie = '';

/** Node's fetch knows nothing of jsdom's AbortSignal, of cookies, and of our origin. */
async function viaMock(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const { signal, ...rest } = init;
  if (!network.on) throw new TypeError('Failed to fetch');
  const address = new URL(String(input), location.origin);
  const abort = new Promise<never>((_, reject) =>
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))),
  );
  const headers = { ...(rest.headers as Record<string, string>), ...(cookie && { cookie }) };
  // One that it does know, so that a request that is given up ends at the server, too.
  const ours = transferableAbortController();
  signal?.addEventListener('abort', () => ours.abort());
  const response = await Promise.race([
    native(mock.url + address.pathname + address.search, { ...rest, headers, signal: ours.signal }),
    abort,
  ]);
  cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
  return response;
}

beforeAll(async () => {
  mock = await startMock({ signedIn: true, held: contract });
  globalThis.fetch = viaMock as typeof fetch;
});
afterEach(() => {
  network.on = true;
  // What the stores are tested against is the contract, or the tests say nothing.
  expect([...new Set(mock.drift.splice(0))]).toEqual([]);
  Object.assign(mock.faults, { lost: 0, down: 0, signedOut: false, slow: 0 });
});
afterAll(async () => {
  // The page goes before its clock does.
  now.tick = () => undefined;
  await mock.stop();
});

globalThis.matchMedia ??= ((query: string) => ({
  matches: false,
  media: query,
  addEventListener() {},
  removeEventListener() {},
})) as unknown as typeof matchMedia;
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
Blob.prototype.arrayBuffer ??= function (this: Blob) {
  const reader = new FileReader();
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsArrayBuffer(this);
  });
};
HTMLElement.prototype.hidePopover ??= () => undefined;
HTMLElement.prototype.togglePopover ??= () => false;
Element.prototype.scrollIntoView ??= () => undefined;
Element.prototype.scrollTo ??= () => {};
Element.prototype.scrollBy ??= () => undefined;
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
} as unknown as typeof ResizeObserver;
globalThis.CSS ??= { escape: (text: string) => text, supports: () => true } as unknown as typeof CSS;

/** What comes at all comes within this, on a machine that is busy with other things. */
const PATIENCE_MS = 20_000;
configure({ asyncUtilTimeout: PATIENCE_MS });

/** Waits for something to become true: for the event itself, never for a time. */
export async function until(check: () => unknown): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`never became true: ${check}`);
}
