// Inside the app of a store: the phone's token becomes the signed-in person's device, a tap leads to its thread, and nothing
// of somebody who signed out stays on the phone.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Device } from '../../src/api/types';
import { router } from '../../src/app/router.svelte';
import { markSignIn } from '../../src/features/devices/mark';
import { appName } from '../../src/features/devices/naming';
import { shell, type Shown } from '../../src/features/devices/shell';
import { isCounted, ofThread, pathOf, topicOf, wake } from '../../src/features/devices/wrapped';
import type { Inbox } from '../../src/inbox.svelte';
import { knownDevice, setDevice, setPerson } from '../../src/worker/known';
import { openInbox } from './inbox';
import { until } from './setup';

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15';

describe('what was pushed', () => {
  const at = (navigate: unknown): Shown => ({ id: '1', data: { navigate } });

  it('leads to an address of ours, and nowhere else', () => {
    const origin = 'https://app.example.com';
    expect(pathOf(at(`${origin}/conversations/c1?message=m1`), origin)).toBe('/conversations/c1?message=m1');
    expect(pathOf(at('https://evil.example/conversations/c1'), origin)).toBeNull();
    expect(pathOf(at('javascript:alert(1)'), origin)).toBeNull();
    for (const odd of [undefined, 7, 'no address']) expect(pathOf(at(odd), origin)).toBeNull();
    expect(pathOf({ id: '1' }, origin)).toBeNull();
  });

  it('is known by its thread, by Apple’s payload and by Google’s tag', async () => {
    // By another's hand: openssl dgst -sha256 -binary | basenc --base64url.
    expect(await topicOf('cnv_1')).toBe('3jxO8uNDw1Lle9SEAKcmXkruCimAu4e1');
    const apple = { id: '1', data: { porchlight: { conversation: 'cnv_1' } } };
    const google = { id: '2', tag: '3jxO8uNDw1Lle9SEAKcmXkruCimAu4e1' };
    const other = { id: '3', tag: 'other', data: { conversation: 'cnv_2' } };
    expect(await ofThread([apple, google, other], 'cnv_1')).toEqual([apple, google]);
  });

  it('is not over by a count where its thread is not counted for its reader', () => {
    expect(isCounted({ id: '1', data: { porchlight: { counted: false } } }), 'Apple’s').toBe(false);
    expect(isCounted({ id: '1', data: { counted: 'false' } }), 'Google’s').toBe(false);
    expect(isCounted({ id: '1', data: { porchlight: { person: 'luis' } } })).toBe(true);
    expect(isCounted({ id: '1' })).toBe(true);
  });
});

it('the app is called by its phone', () => {
  expect(appName({ userAgent: IPHONE, maxTouchPoints: 5 })).toBe('Porchlight on iPhone');
  expect(appName({ userAgent: 'odd', maxTouchPoints: 0 })).toBe('Porchlight');
});

describe('the phone around the page', () => {
  let inbox: Inbox;
  let devices: Pick<Device, 'id' | 'health'>[];
  let bodies: Record<string, unknown>[];
  let refused: boolean;
  let receive: string;
  let asked: string[];
  let listeners: Record<string, (given: never) => void>;
  let sleep: (() => void) | null;

  const does = (name: string, answer?: () => unknown) => () => {
    asked.push(name);
    return Promise.resolve(answer?.());
  };

  beforeEach(async () => {
    [devices, bodies, refused, receive, asked, listeners, sleep] = [[], [], false, 'prompt', [], {}, null];
    const PushNotifications = {
      checkPermissions: does('check', () => ({ receive })),
      requestPermissions: does('ask', () => ({ receive: (receive = 'granted') })),
      register: does('register'),
      unregister: does('unregister'),
      getDeliveredNotifications: does('delivered', () => ({ notifications: [] })),
      removeDeliveredNotifications: does('remove'),
      removeAllDeliveredNotifications: does('empty'),
      addListener: (name: string, told: (given: never) => void) => {
        listeners[name] = told;
        return { remove: () => Promise.resolve() };
      },
    };
    const Plugins = { PushNotifications };
    vi.stubGlobal('Capacitor', { isNativePlatform: () => true, getPlatform: () => 'ios', Plugins });
    const passed = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
      const { pathname } = new URL(String(input), location.origin);
      if (pathname !== '/api/devices') return passed(input, init);
      return Promise.resolve(init?.method === 'POST' ? made(String(init.body)) : Response.json({ devices }));
    });
    markSignIn();
    inbox = await openInbox();
  });
  afterEach(async () => {
    sleep?.();
    inbox.stop();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    await setDevice(null);
    await setPerson(null);
  });

  function made(body: string): Response {
    if (refused) return Response.json({ title: 'Not set up', type: 'not-set-up' }, { status: 409 });
    const given = JSON.parse(body) as { id: string };
    bodies.push(given);
    devices = [{ id: given.id, health: 'new' }];
    return Response.json(devices[0]);
  }

  const session: { state: 'in' | 'out' } = { state: 'in' };
  const start = () => {
    session.state = 'in';
    const { viewer, live, toasts, counts } = inbox;
    sleep = wake({ viewer, live, session, toasts, counts });
  };
  const token = (value: string) => listeners['registration']!({ value } as never);
  const restart = async () => {
    sleep!();
    asked = [];
    start();
    await until(() => asked.includes('register'));
  };

  it('is told of nothing in a browser', () => {
    vi.stubGlobal('Capacitor', { isNativePlatform: () => false });
    expect(shell()).toBeNull();
    start();
    expect(listeners).toEqual({});
  });

  it('asks once, and tells the server the token, and another one under the same id', async () => {
    start();
    await until(() => asked.includes('register'));
    expect(asked).toEqual(['check', 'ask', 'register']);
    token('abc');
    await until(() => bodies.length === 1);
    expect(bodies[0]).toMatchObject({ kind: 'apns', token: 'abc' });
    await until(async () => (await knownDevice())?.endpoint === 'abc');
    await restart();
    expect(asked).toEqual(['check', 'register']);
    token('def');
    await until(() => bodies.length === 2);
    expect(bodies[1]).toMatchObject({ kind: 'apns', token: 'def', id: bodies[0]!['id'] });
  });

  it('does not register where it was refused', async () => {
    receive = 'denied';
    start();
    await until(() => asked.includes('check'));
    await Promise.resolve();
    expect(asked).toEqual(['check']);
  });

  it('stays off once it was taken off the list, until the next sign-in', async () => {
    start();
    await until(() => asked.includes('register'));
    token('abc');
    await until(async () => (await knownDevice())?.endpoint === 'abc');
    devices = [];
    await restart();
    token('abc');
    await until(() => asked.includes('unregister'));
    expect(bodies).toHaveLength(1);
    markSignIn();
    await restart();
    token('abc');
    await until(() => bodies.length === 2);
  });

  it('says that the server cannot', async () => {
    refused = true;
    start();
    await until(() => asked.includes('register'));
    token('abc');
    await until(() => inbox.toasts.shown.some(({ text }) => /could not be switched on/.test(text)));
  });

  it('a tap opens the thread, and another’s address nothing', async () => {
    start();
    const tap = (navigate: string) =>
      listeners['pushNotificationActionPerformed']!({
        notification: { id: '1', data: { navigate } },
      } as never);
    tap('https://evil.example/conversations/c9');
    expect(router.path).not.toContain('c9');
    tap(`${location.origin}/conversations/c1?message=m1`);
    expect(router.path + router.search).toBe('/conversations/c1?message=m1');
    router.go('/');
  });

  it('signing out takes the token back and empties the phone’s notifications', async () => {
    start();
    await until(() => asked.includes('register'));
    token('abc');
    await until(async () => (await knownDevice())?.endpoint === 'abc');
    session.state = 'out';
    sleep!();
    sleep = null;
    await until(() => asked.includes('empty'));
    expect(asked).toContain('unregister');
    expect(await knownDevice()).toBeNull();
  });
});
