// One stream for all tabs of a person in a browser, whoever leads; with fakes of what the browser gives.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Cursor } from '../../src/live/cursor';
import type { Feed, State } from '../../src/live/feed';
import type { StreamEvent } from '../../src/live/sse';
import { openFeed, type Browser } from '../../src/live/tabs';
import { mock, until } from './setup';

const TOM = '+12075550119';

interface Wait {
  how: LockOptions;
  grant: () => void;
}
/** Web Locks, as far as they are used: exclusive, shared, stolen, given up, in the order of asking. */
class Locks {
  readonly #held = new Map<string, { shared: boolean; take: () => void }[]>();
  readonly #waiting = new Map<string, Wait[]>();

  readonly request = ((name: string, how: LockOptions, act: () => unknown) =>
    new Promise<unknown>((resolve, reject) => {
      const gone = () => reject(new DOMException('gone', 'AbortError'));
      const grant = () => {
        const lock = { shared: how.mode === 'shared', take: gone };
        this.#of(name).push(lock);
        void Promise.resolve(act()).then((value) => {
          this.#held.set(
            name,
            this.#of(name).filter((one) => one !== lock),
          );
          this.#next(name);
          resolve(value);
        });
      };
      if (how.steal) {
        for (const { take } of this.#of(name)) take();
        this.#held.set(name, []);
        return grant();
      }
      const wait = { how, grant };
      this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), wait]);
      how.signal?.addEventListener('abort', () => {
        this.#waiting.set(
          name,
          (this.#waiting.get(name) ?? []).filter((one) => one !== wait),
        );
        gone();
      });
      queueMicrotask(() => this.#next(name));
    })) as LockManager['request'];

  readonly query = (() =>
    Promise.resolve({
      held: [...this.#held].flatMap(([name, all]) => all.map(() => ({ name }))),
    })) as LockManager['query'];

  #of(name: string) {
    const held = this.#held.get(name) ?? [];
    this.#held.set(name, held);
    return held;
  }

  #next(name: string): void {
    const [first, ...rest] = this.#waiting.get(name) ?? [];
    const held = this.#of(name);
    const free = held.length === 0 || (first?.how.mode === 'shared' && held.every(({ shared }) => shared));
    if (!first || !free) return;
    this.#waiting.set(name, rest);
    first.grant();
    this.#next(name);
  }
}

/** A browser whose tabs hear each other a moment later. */
function newBrowser(): Browser {
  const ears = new Map<string, Set<{ onmessage: BroadcastChannel['onmessage'] }>>();
  return {
    locks: new Locks(),
    channel: (name) => {
      const all = ears.get(name) ?? new Set();
      ears.set(name, all);
      const me: ReturnType<Browser['channel']> = {
        onmessage: null,
        postMessage: (data: unknown) => {
          for (const other of all)
            if (other !== me)
              queueMicrotask(() => other.onmessage?.call(other as never, { data } as MessageEvent));
        },
        close: () => void all.delete(me as never),
      };
      all.add(me as never);
      return me;
    },
  };
}

class Tab {
  heard: StreamEvent[] = [];
  state: State = 'connecting';
  refused = 0;
  fronted = 0;
  wakes = false;
  readonly feed: Feed;

  constructor(browser: Browser | null, person: string | null = 'ana') {
    this.feed = openFeed(
      '/api/live',
      person,
      {
        hear: (event) => this.heard.push(event),
        become: (state) => (this.state = state),
        refused: () => this.refused++,
        fronted: () => this.fronted++,
      },
      () => this.wakes,
      browser,
    );
  }

  get texts(): string[] {
    return this.heard
      .filter(({ event }) => event === 'message.created')
      .map(({ data }) => (JSON.parse(data) as { message: { text: string } }).message.text);
  }
}

let tabs: Tab[] = [];
const open = (...all: Tab[]) => {
  tabs.push(...all);
  return until(() => all.every(({ state }) => state === 'open'));
};
const hide = (hidden: boolean) => {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
};

beforeEach(() => void (tabs = []));
afterEach(async () => {
  vi.useRealTimers();
  for (const { feed } of tabs) feed.stop();
  vi.restoreAllMocks();
  await until(() => mock.streams.size === 0);
});

describe('seven tabs of one person', () => {
  it('have one stream, and all hear all of it', async () => {
    const browser = newBrowser();
    const all = Array.from({ length: 7 }, () => new Tab(browser));
    await open(...all);
    expect(mock.streams.size).toBe(1);
    mock.receive(TOM, 'To all of you');
    await until(() => all.every(({ texts }) => texts.includes('To all of you')));
    expect(all.map(({ texts }) => texts.filter((text) => text === 'To all of you').length)).toEqual(
      Array(7).fill(1),
    );
  });

  it('go on when the one that leads is closed, without a hole', async () => {
    const browser = newBrowser();
    const all = Array.from({ length: 7 }, () => new Tab(browser));
    await open(...all);
    for (let round = 0; round < 5; round++) {
      const [leader] = all.splice(0, 1);
      leader?.feed.stop();
      // While nobody is connected.
      mock.receive(TOM, `In round ${round}`);
      await until(() => all.every(({ texts }) => texts.includes(`In round ${round}`)));
      await until(() => mock.streams.size === 1);
    }
  });

  it('hear what was told a moment before they came', async () => {
    const browser = newBrowser();
    const first = new Tab(browser);
    await open(first);
    mock.receive(TOM, 'Just before');
    await until(() => first.texts.includes('Just before'));
    const second = new Tab(browser);
    await open(second);
    expect(second.texts).toContain('Just before');
    expect(second.heard[0]?.event).toBe('ready');
  });

  it('know together that the line is down, and that it is back', async () => {
    const browser = newBrowser();
    const all = [new Tab(browser), new Tab(browser)];
    await open(...all);
    mock.faults.down = 1;
    mock.hangUp();
    await until(() => all.every(({ state }) => state === 'waiting'));
    await until(() => all.every(({ state }) => state === 'open'));
  });

  it('learn one after the other that nobody is signed in', async () => {
    const browser = newBrowser();
    const all = [new Tab(browser), new Tab(browser)];
    await open(...all);
    mock.faults.signedOut = true;
    mock.hangUp();
    await until(() => all[0]?.refused === 1);
    all[0]?.feed.stop();
    await until(() => all[1]?.refused === 1);
  });
});

it('a tab that leads without a word loses its place', async () => {
  const browser = newBrowser();
  const [first, second] = [new Tab(browser), new Tab(browser)];
  await open(first, second);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  // Another tab of an older page holds the lock, and is silent.
  const silent = () => new Promise(() => undefined);
  const lost = expect(browser.locks.request('porchlight.live.ana', { steal: true }, silent)).rejects.toThrow(
    'gone',
  );
  await vi.advanceTimersByTimeAsync(50_000);
  vi.useRealTimers();
  mock.receive(TOM, 'Heard again');
  await until(() => first.texts.includes('Heard again') && second.texts.includes('Heard again'));
  await lost;
  await until(() => mock.streams.size === 1);
});

it('two people share nothing', async () => {
  const browser = newBrowser();
  const [ana, ben] = [new Tab(browser, 'ana'), new Tab(browser, 'ben')];
  await open(ana, ben);
  expect(mock.streams.size).toBe(2);
  ana.feed.stop();
  await until(() => mock.streams.size === 1);
  mock.receive(TOM, 'For Ben');
  await until(() => ben.texts.includes('For Ben'));
  expect(ana.texts).not.toContain('For Ben');
});

it.each([
  ['without Web Locks', null, 'ana'],
  ['before it is known who they are', newBrowser(), null],
])('%s each tab has its own stream', async (_, browser, person) => {
  const all = [new Tab(browser, person), new Tab(browser, person)];
  await open(...all);
  expect(mock.streams.size).toBe(2);
});

const focus = (on: boolean) => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(on);
  window.dispatchEvent(new Event(on ? 'focus' : 'blur'));
};

it('one of the tabs leads, and all know whether one of them is in front', async () => {
  const browser = newBrowser();
  const all = [new Tab(browser), new Tab(browser)];
  await open(...all);
  expect(all.map(({ feed }) => feed.leads)).toEqual([true, false]);
  focus(false);
  await until(async () => !(await all[1]?.feed.inFront()));
  const before = all.map(({ fronted }) => fronted);
  focus(true);
  await until(async () => await all[1]?.feed.inFront());
  await until(() => all.every(({ fronted }, at) => fronted > (before[at] ?? 0)));
});

it('a tab that is left as fast as it was come to is in front no more', async () => {
  const browser = newBrowser();
  const all = [new Tab(browser), new Tab(browser)];
  await open(...all);
  // The lock of the first is granted after the second has been asked for.
  for (const on of [false, true, false, true]) focus(on);
  await until(async () => await all[1]?.feed.inFront());
  focus(false);
  await until(async () => !(await all[1]?.feed.inFront()));
});

describe('a browser that nobody looks at', () => {
  it('keeps its one stream while somebody is to be told of what comes', async () => {
    const browser = newBrowser();
    const all = [new Tab(browser), new Tab(browser)];
    await open(...all);
    for (const tab of all) tab.wakes = true;
    hide(true);
    mock.receive(TOM, 'Told of in the background');
    await until(() => all.every(({ texts }) => texts.includes('Told of in the background')));
    expect(mock.streams.size).toBe(1);
    // No longer: it rests the next time that nobody looks.
    for (const tab of all) tab.wakes = false;
    hide(false);
    hide(true);
    await until(() => mock.streams.size === 0);
  });

  it('has no stream, glances once a minute, and has one again when somebody looks', async () => {
    const browser = newBrowser();
    const all = [new Tab(browser), new Tab(browser)];
    await open(...all);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const quiet = async () => {
      while (mock.streams.size > 0) await new Promise(setImmediate);
    };
    hide(true);
    await quiet();
    await vi.advanceTimersByTimeAsync(60_000);
    while (mock.streams.size === 0) await new Promise(setImmediate);
    // With it, the counts come: more is not needed.
    mock.receive(TOM, 'While you were away');
    await quiet();
    hide(false);
    while (mock.streams.size === 0) await new Promise(setImmediate);
    vi.useRealTimers();
    mock.receive(TOM, 'Welcome back');
    await until(() => all.every(({ texts }) => texts.includes('Welcome back')));
    expect(mock.streams.size).toBe(1);
  });
});

describe('where a feed stands', () => {
  const event = (id: string): StreamEvent => ({ id, event: 'message.created', data: '{}' });

  it('tells what came after a place, lately without one, and that it does not know', () => {
    const cursor = new Cursor();
    cursor.hear({ id: null, event: 'ready', data: '{"cursor":"0"}' }, 0);
    for (const [id, at] of [
      ['1', 0],
      ['2', 10_000],
      ['3', 20_000],
    ] as const)
      cursor.hear(event(id), at);
    expect(cursor.at).toBe('3');
    expect(cursor.since('2')?.map(({ id }) => id)).toEqual(['3']);
    expect(cursor.since(null)?.map(({ id }) => id)).toEqual(['2', '3']);
    expect(cursor.since('3')).toEqual([]);
    expect(cursor.since('1')).toBeNull();
  });

  it('goes back to where it became ready when all is loaded anew', () => {
    const cursor = new Cursor();
    cursor.at = 'old';
    cursor.hear({ id: null, event: 'ready', data: '{"cursor":"now"}' });
    expect(cursor.at).toBe('old');
    cursor.hear({ id: null, event: 'reload', data: '{}' });
    expect(cursor.at).toBe('now');
  });
});
