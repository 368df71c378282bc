// What the worker makes of a push: what is shown, once, to whom, and which window a press leads to.
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { decide, mustShow, type Around, type Kept, type Notice } from '../../src/worker/notice';
import { readNotification, readPush, type Told } from '../../src/worker/payload';
import type { Pane, Surroundings } from '../../src/worker/push';
import { keptOf, sweep } from '../../src/worker/sweep';

const ANA = '01JANA0000000000000000000A';
const RAY = '01JRAY0000000000000000000R';
const THREAD = '01JTHREAD00000000000000000';
const FIRST = '01JMESSAGE0000000000000001';
const SECOND = '01JMESSAGE0000000000000002';

const pushOf = (message = FIRST, more: object = {}, ours: object = {}) =>
  JSON.stringify({
    web_push: 8030,
    notification: {
      title: 'Maria Delgado',
      body: 'New text',
      navigate: `https://inbox.example/conversations/${THREAD}?message=${message}`,
      tag: `porchlight.${THREAD}`,
    },
    mutable: true,
    app_badge: 3,
    porchlight: { person: ANA, conversation: THREAD, message, seq: 7, kind: 'message', ...ours },
    ...more,
  });
const toldOf = (message = FIRST, ours: object = {}) => readPush(pushOf(message, {}, ours)) as Told;
const around = (more: Partial<Around> = {}): Around => ({
  person: ANA,
  fresh: true,
  looking: false,
  shown: null,
  must: false,
  ...more,
});

describe('what a push says', () => {
  it('is read with our own fields, or without them from where it leads', () => {
    expect(readPush(pushOf())).toEqual({
      title: 'Maria Delgado',
      body: 'New text',
      person: ANA,
      conversation: THREAD,
      message: FIRST,
      kind: 'message',
      badge: 3,
      counted: true,
    });
    const bare = readPush(pushOf(FIRST, { porchlight: undefined, app_badge: undefined }));
    expect(bare).toMatchObject({ person: null, conversation: THREAD, message: FIRST, badge: null });
  });

  it('is the same where the browser has read it and hands over the notification', () => {
    const { notification, porchlight } = JSON.parse(pushOf()) as { notification: object; porchlight: object };
    const handed = { ...notification, data: { porchlight } };
    expect(readNotification(handed, 3)).toEqual(readPush(pushOf()));
  });

  it('is nothing where it cannot be read, and no id leads anywhere but to a thread', () => {
    for (const text of [
      '',
      'nothing',
      '[]',
      '7',
      'null',
      '{"web_push":8030}',
      '{"notification":{"title":5}}',
    ])
      expect(readPush(text), text).toBe(null);
    expect(toldOf('../../me', { conversation: '//evil.example' })).toMatchObject({
      conversation: null,
      message: null,
    });
    for (const app_badge of [-1, 1.5, '4', null])
      expect(readPush(pushOf(FIRST, { app_badge }))?.badge).toBe(null);
  });
});

describe('what is shown', () => {
  it('of a new message is one notification of its thread that alerts anew and counts', () => {
    const first = decide(toldOf(), around()) as Notice;
    expect(first.title).toBe('Maria Delgado');
    expect(first.options).toMatchObject({ tag: `porchlight.${THREAD}`, renotify: true, body: 'New text' });
    expect(first.options.silent).toBeUndefined();
    expect(first.options.data.path).toBe(`/conversations/${THREAD}/messages/${FIRST}`);
    const second = decide(toldOf(SECOND), around({ shown: first.options.data })) as Notice;
    expect(second.options).toMatchObject({ tag: first.options.tag, renotify: true, data: { count: 2 } });
  });

  it('of a message that was told of is nothing, or silent where the browser wants to see something', () => {
    const shown = decide(toldOf(), around())!.options.data;
    expect(decide(toldOf(), around({ fresh: false }))).toBe(null);
    expect(decide(toldOf(), around({ fresh: false, shown }))).toBe(null);
    const again = decide(toldOf(), around({ fresh: false, shown, must: true })) as Notice;
    expect(again.options).toMatchObject({ silent: true, renotify: false, data: { count: 1 } });
  });

  it('to whoever has the thread before them is nothing, or silent where the browser wants to see something', () => {
    expect(decide(toldOf(), around({ looking: true }))).toBe(null);
    expect(decide(toldOf(), around({ looking: true, must: true }))?.options).toMatchObject({
      silent: true,
      renotify: false,
    });
  });

  it('of another person, or while nobody is signed in, names nobody and leads nowhere', () => {
    for (const person of [RAY, null]) {
      const { title, options } = decide(toldOf(), around({ person })) as Notice;
      expect(JSON.stringify({ title, options })).not.toMatch(/Maria|New text|THREAD|MESSAGE|JANA/);
      expect(options.data.path).toBe(null);
    }
  });

  it('of what cannot be read is a line all the same, and a test is aloud each time', () => {
    expect(decide(null, around())?.options.body).toMatch(/something new/);
    const test = toldOf(FIRST, { kind: 'test', conversation: null, message: null });
    const notice = decide({ ...test, conversation: null }, around({ fresh: false })) as Notice;
    expect([notice.options.renotify, notice.options.data.path]).toEqual([true, '/settings/devices']);
  });

  it('is something each time in Safari and on every iPhone', () => {
    const iphone =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
    expect(mustShow(`${iphone} Version/18.5 Mobile/15E148 Safari/604.1`)).toBe(true);
    expect(mustShow(`${iphone} CriOS/140.0 Mobile/15E148 Safari/604.1`)).toBe(true);
    expect(
      mustShow('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/148.0.0.0 Safari/537.36'),
    ).toBe(false);
    expect(mustShow('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe(false);
  });
});

/** A notification on the screen. */
interface Standing {
  title: string;
  tag: string;
  silent: boolean | undefined;
  data: Kept;
  close(): void;
}

let screen: Standing[];
let panes: Pane[];
let opened: string[];
let badges: number[];
/** What is unread of a thread, by the server; absent: it is not ours. */
let unread: Record<string, number>;

function surroundings(userAgent = 'Chrome/148'): Surroundings {
  const registration = {
    showNotification: (title: string, { tag, silent, data }: Notice['options']) => {
      screen = screen.filter((one) => one.tag !== tag);
      const standing = { title, tag, silent: silent ?? undefined, data, close: () => undefined as void };
      standing.close = () => (screen = screen.filter((one) => one !== standing)) as unknown as void;
      screen.push(standing);
      return Promise.resolve();
    },
    getNotifications: ({ tag }: { tag?: string } = {}) =>
      Promise.resolve(screen.filter((one) => !tag || one.tag === tag)),
    pushManager: {},
  };
  return {
    registration: registration as unknown as Surroundings['registration'],
    panes: () => Promise.resolve(panes),
    open: (url) => Promise.resolve(opened.push(url)),
    fetch: ((path: string) => {
      const left = unread[path.split('/').at(-1)!];
      return Promise.resolve(
        left === undefined ? Response.json({}, { status: 404 }) : Response.json({ unread: left }),
      );
    }) as typeof fetch,
    userAgent,
    badge: (count) => Promise.resolve(void badges.push(count)),
  };
}

/** A window: `answers` is how it takes what it is asked. */
function paneAt(path: string, more: Partial<Pane> = {}, answers = true): Pane & { log: string[] } {
  const log: string[] = [];
  return {
    url: `https://inbox.example${path}`,
    focused: false,
    visibilityState: 'hidden',
    log,
    focus: () => Promise.resolve(log.push('focus')),
    navigate: (url) => Promise.resolve(log.push(`loads ${url}`)),
    postMessage: (message, [port]) => {
      log.push(`goes ${(message as { path: string }).path}`);
      if (answers) (port as MessagePort).postMessage('open');
    },
    ...more,
  };
}

/** Each test has a browser of its own. */
async function browser() {
  vi.resetModules();
  const [{ Pushes }, known] = await Promise.all([
    import('../../src/worker/push'),
    import('../../src/worker/known'),
  ]);
  return { pushes: new Pushes(surroundings()), Pushes, known };
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  [screen, panes, opened, badges, unread] = [[], [], [], [], {}];
});

describe('a push that comes', () => {
  it('twice is one, also when a window was the first to tell of it', async () => {
    const { pushes, known } = await browser();
    await known.setPerson(ANA);
    await pushes.tell(toldOf());
    await pushes.tell(toldOf());
    expect(screen).toHaveLength(1);
    expect(screen[0]).toMatchObject({ title: 'Maria Delgado', data: { count: 1 } });
    screen = [];
    await pushes.tell(toldOf());
    expect(screen, 'it was put away').toEqual([]);
    expect(await known.claim([SECOND, SECOND])).toEqual([SECOND, SECOND]);
    await pushes.tell(toldOf(SECOND));
    expect(screen, 'a window has told of it').toEqual([]);
  });

  it('takes the place of the line that the browser showed by itself, and that one closes as any other', async () => {
    const { pushes, known } = await browser();
    await known.setPerson(ANA);
    const declared = (message: string, ours = {}) => {
      const { notification, porchlight } = JSON.parse(pushOf(message, {}, ours)) as {
        notification: { title: string; tag: string };
        porchlight: Kept;
      };
      return surroundings().registration.showNotification(notification.title, {
        tag: notification.tag,
        data: { porchlight },
      });
    };
    await declared(FIRST);
    await pushes.tell(toldOf(SECOND));
    expect(screen).toHaveLength(1);
    expect(screen[0]).toMatchObject({ tag: `porchlight.${THREAD}`, data: { message: SECOND, count: 2 } });
    screen = [];
    await declared(FIRST);
    expect(keptOf(screen[0]!)).toMatchObject({
      path: `/conversations/${THREAD}/messages/${FIRST}`,
      person: ANA,
    });
    unread = { [THREAD]: 0 };
    await sweep(screen, ANA, surroundings().fetch);
    expect(screen, 'it was read').toEqual([]);
    await declared(FIRST);
    await sweep(screen, RAY, surroundings().fetch);
    expect(screen, 'it was another person’s').toEqual([]);
  });

  it('of a thread whose unread are not counted for its reader stays until it is no longer theirs', async () => {
    const { pushes, known } = await browser();
    await known.setPerson(ANA);
    unread = { SHARED: 0, [THREAD]: 1 };
    await pushes.tell(toldOf(FIRST, { conversation: 'SHARED', counted: false }));
    await pushes.tell(toldOf(SECOND));
    expect(screen.map(({ data }) => data.conversation).sort()).toEqual([THREAD, 'SHARED'].sort());
    unread = { [THREAD]: 1 };
    await sweep(screen, ANA, surroundings().fetch);
    expect(screen.map(({ data }) => data.conversation)).toEqual([THREAD]);
  });

  it('is told by one of many that ask at once', async () => {
    const { known } = await browser();
    const asked = await Promise.all([1, 2, 3, 4].map(() => known.claim([FIRST])));
    expect(asked.flat()).toEqual([FIRST]);
  });

  it('for somebody else stays theirs to be told of, and leaves the number on the icon', async () => {
    const { pushes, known } = await browser();
    await known.setPerson(RAY);
    await pushes.tell(toldOf());
    expect([screen.length, badges]).toEqual([1, []]);
    await known.setPerson(ANA);
    await pushes.tell(toldOf());
    expect(screen.find(({ title }) => title === 'Maria Delgado')?.silent).toBeUndefined();
    expect(badges).toEqual([3]);
  });

  it('sets the number that the server counted, and not over a window that somebody sees', async () => {
    const { pushes, known } = await browser();
    await known.setPerson(ANA);
    await pushes.tell(toldOf());
    await pushes.tell({ ...toldOf(SECOND), badge: 0 });
    panes = [paneAt('/me', { visibilityState: 'visible' })];
    await pushes.tell({ ...toldOf('01JMESSAGE0000000000000003'), badge: 9 });
    expect(badges).toEqual([3, 0]);
  });

  it('clears away what was read elsewhere, what is no longer theirs, and what was another person’s', async () => {
    const { pushes, known } = await browser();
    await known.setPerson(ANA);
    const others = ['READ', 'UNREAD', 'TAKEN'];
    unread = { READ: 1, UNREAD: 1, TAKEN: 1 };
    for (const conversation of others) await pushes.tell(toldOf(`01J${conversation}`, { conversation }));
    unread = { READ: 0, UNREAD: 2 };
    await pushes.tell(toldOf());
    expect(screen.map(({ data }) => data.conversation).sort()).toEqual([THREAD, 'UNREAD'].sort());
    await known.setPerson(RAY);
    await pushes.tell(toldOf(SECOND, { person: RAY, conversation: 'RAYS' }));
    expect(screen.map(({ data }) => data.conversation)).toEqual(['RAYS']);
  });
});

describe('a press on a notification', () => {
  const kept = {
    path: `/conversations/${THREAD}/messages/${FIRST}`,
    person: ANA,
    conversation: THREAD,
    message: FIRST,
    count: 1,
  };

  it('leads the window that is there to the message, without loading it, and opens none', async () => {
    const { pushes, known } = await browser();
    await known.setPerson(ANA);
    const [other, own] = [paneAt('/me'), paneAt(`/conversations/${THREAD}`)];
    panes = [other, own];
    await pushes.press(kept);
    expect(own.log).toEqual(['focus', `goes ${kept.path}`]);
    expect([other.log, opened]).toEqual([[], []]);
  });

  it('leads the foremost one where none has the thread, and opens one only where there is none', async () => {
    const { pushes, known } = await browser();
    await known.setPerson(ANA);
    const [hidden, seen] = [paneAt('/me'), paneAt('/conversations', { visibilityState: 'visible' })];
    panes = [hidden, seen];
    await pushes.press(kept);
    expect([hidden.log, seen.log]).toEqual([[], ['focus', `goes ${kept.path}`]]);
    panes = [];
    await pushes.press(kept);
    expect(opened).toEqual([kept.path]);
  });

  it('has a window of an older build loaded there, since it does not answer', async () => {
    const { pushes, known } = await browser();
    await known.setPerson(ANA);
    const old = paneAt('/me', {}, false);
    panes = [old];
    vi.useFakeTimers();
    const pressed = pushes.press(kept);
    await vi.waitFor(() => expect(old.log).toContain(`goes ${kept.path}`));
    await vi.runAllTimersAsync();
    await pressed;
    vi.useRealTimers();
    expect(old.log.at(-1)).toBe(`loads ${kept.path}`);
  });

  it('on what was another person’s only comes to the front', async () => {
    const { pushes, known } = await browser();
    await known.setPerson(RAY);
    const pane = paneAt('/conversations/RAYS');
    panes = [pane];
    await pushes.press(kept);
    expect(pane.log).toEqual(['focus']);
  });
});

it('a subscription that was changed is told to the server under the id of its device', async () => {
  const { Pushes, known } = await browser();
  const device = { id: '01JDEVICE', person: ANA, endpoint: 'https://push.example/old', signIn: '' };
  await known.setDevice(device);
  const fresh = {
    endpoint: 'https://push.example/new',
    toJSON: () => ({ endpoint: 'https://push.example/new', keys: {} }),
  };
  const asked: unknown[] = [];
  const around = surroundings();
  const pushes = new Pushes({
    ...around,
    fetch: ((path: string, { body }: RequestInit) => {
      asked.push([path, JSON.parse(String(body)) as unknown]);
      return Promise.resolve(Response.json({}));
    }) as typeof fetch,
  });
  await pushes.changed(null, fresh as unknown as PushSubscription);
  expect(asked).toEqual([
    [
      '/api/devices',
      { kind: 'webpush', id: '01JDEVICE', subscription: { endpoint: fresh.endpoint, keys: {} } },
    ],
  ]);
  expect((await known.knownDevice())?.endpoint).toBe(fresh.endpoint);
});
