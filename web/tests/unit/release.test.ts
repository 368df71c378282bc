// What a window makes of its service worker, and of a part that does not come.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { patient } from '../../src/app/patient';
import { parts, watchParts } from '../../src/app/torn.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

describe('the worker', () => {
  /** What the device keeps whole. */
  let current: string | null;
  let worker: EventTarget & { state: string };

  beforeEach(() => {
    const match = () => Promise.resolve(current ? { text: () => Promise.resolve(current) } : undefined);
    vi.stubGlobal('caches', { open: () => Promise.resolve({ match }) });
    worker = Object.assign(new EventTarget(), { state: 'installing' });
    const register = () => Promise.resolve({ installing: worker });
    const serviceWorker = Object.assign(new EventTarget(), { register });
    Object.defineProperty(navigator, 'serviceWorker', { value: serviceWorker, configurable: true });
    document.documentElement.dataset['build'] = 'one';
  });
  afterEach(() => {
    Reflect.deleteProperty(navigator, 'serviceWorker');
    delete document.documentElement.dataset['build'];
  });

  async function begun() {
    vi.resetModules();
    const { release } = await import('../../src/app/release.svelte');
    release.begin();
    await vi.advanceTimersByTimeAsync(0);
    return release;
  }

  it('that has the next build here before it was asked for tells of it all the same', async () => {
    current = 'one';
    const release = await begun();
    current = 'two';
    await vi.advanceTimersByTimeAsync(10_000);
    expect(release.ready).toBe(true);
  });

  it('that finds no room is not waited for, unless a build before is here', async () => {
    current = null;
    const release = await begun();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(release.kept).toBe('coming');
    worker.state = 'redundant';
    worker.dispatchEvent(new Event('statechange'));
    await vi.advanceTimersByTimeAsync(0);
    expect(release.kept).toBe('refused');
    current = 'one';
    worker.dispatchEvent(new Event('statechange'));
    await vi.advanceTimersByTimeAsync(0);
    expect(release.kept).toBe('whole');
  });
});

describe('a part that does not come', () => {
  /** Whether the server answers, and whether it has the part. */
  let answers: boolean;
  let there: boolean;
  const part = patient(() => {
    if (there) return Promise.resolve('part');
    dispatchEvent(new Event('vite:preloadError'));
    return Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
  });
  /** The page is loaded again: jsdom cannot, and says so. */
  const again = () => sessionStorage.getItem('porchlight.reloaded') === 'one';

  function put<T extends HTMLElement>(html: string, selector: string): T {
    document.body.innerHTML = html;
    return document.querySelector<T>(selector)!;
  }
  function fill(field: HTMLInputElement | HTMLSelectElement, value: string): void {
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  watchParts('one');
  beforeEach(() => {
    [answers, there] = [true, false];
    sessionStorage.clear();
    vi.stubGlobal('fetch', async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (!answers) throw new TypeError('Failed to fetch');
      return new Response();
    });
  });

  /** It comes at last. */
  async function came(waited: Promise<string>): Promise<void> {
    there = true;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await waited).toBe('part');
    expect(parts).toEqual({ missing: 0, gone: false });
  }

  it('is gone only where a server that answers does not have it, and only until it comes', async () => {
    put('<textarea></textarea>', 'textarea').focus();
    answers = false;
    const waited = [part(), part()];
    await vi.advanceTimersByTimeAsync(5_000);
    expect(parts).toEqual({ missing: 2, gone: false });
    answers = true;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(parts.gone, 'said, as somebody writes').toBe(true);
    expect(again()).toBe(false);
    await came(Promise.all(waited).then(([one]) => one!));
  });

  it.each([
    ['a field of a form', '<form><input /></form>', 'new@example.com'],
    [
      'a choice',
      '<form><select><option value="a">a</option><option value="b">b</option></select></form>',
      'b',
    ],
    ['a field of a dialog that was emptied', '<dialog open><input value="Ms. Ng" /></dialog>', ''],
  ])('takes nothing from %s that was filled in and left', async (_, html, value) => {
    fill(put<HTMLInputElement>(html, 'input, select'), value);
    const waited = part();
    await vi.advanceTimersByTimeAsync(5_000);
    expect([parts.gone, again()]).toEqual([true, false]);
    await came(waited);
  });

  it('costs one reload where nothing was filled in, or it was taken back', async () => {
    const field = put<HTMLInputElement>('<form><input /></form>', 'input');
    fill(field, 'new@example.com');
    fill(field, '');
    const waited = part();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([parts.gone, again()]).toEqual([false, true]);
    await came(waited);
  });
});
