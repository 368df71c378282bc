// Settings → My devices: what stands between this browser and pushes, what is mended by itself, and what is said.
import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Device, PushSettings } from '../../src/api/types';
import DevicesPage from '../../src/features/devices/DevicesPage.svelte';
import { mendOf, type Standing } from '../../src/features/devices/mending';
import { deviceName } from '../../src/features/devices/naming';
import { reachOf, type Has } from '../../src/features/devices/reach';
import { isFor } from '../../src/features/devices/subscribing';
import type { Inbox } from '../../src/inbox.svelte';
import { knownDevice, knownPerson, setDevice, setPerson } from '../../src/worker/known';
import { drawIn, openInbox } from './inbox';
import { mock, until } from './setup';

const ANA = () => mock.world.me('ana@harbor.example').id;
const KEY = 'BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U';
const bytes = (key: string) => Uint8Array.from(Buffer.from(key, 'base64url')).buffer;

describe('what stands between a browser and pushes', () => {
  const all: Has = { secure: true, worker: true, push: true, permission: 'default', way: 'none' };

  it('is a word of its own for each case', () => {
    expect(reachOf(all)).toBe('can');
    expect(reachOf({ ...all, permission: 'denied' })).toBe('denied');
    expect(reachOf({ ...all, push: false })).toBe('none');
    expect(reachOf({ ...all, secure: false })).toBe('none');
    expect(reachOf({ ...all, push: false, permission: null, way: 'ios' }), 'not installed').toBe('ios');
    expect(reachOf({ ...all, way: 'ios' }), 'an iPad that can').toBe('can');
  });

  it('may be another key of the server', () => {
    const made = { options: { applicationServerKey: bytes(KEY), userVisibleOnly: true } };
    expect(isFor(made, KEY)).toBe(true);
    expect(isFor(made, KEY.replace('BEl', 'BEm'))).toBe(false);
    expect(isFor({ options: { applicationServerKey: null, userVisibleOnly: true } }, KEY)).toBe(true);
  });
});

describe('what a start mends', () => {
  const known = { id: 'D', person: 'ana', endpoint: 'https://push.example/1', signIn: 's1' };
  const well: Standing = {
    endpoint: known.endpoint,
    fits: true,
    known,
    signIn: 's1',
    device: { health: 'ok' },
    person: 'ana',
  };

  it('is nothing while all is well, and where nobody has switched it on', () => {
    expect(mendOf(well)).toBe('nothing');
    expect(mendOf({ ...well, endpoint: null, known: null, device: null })).toBe('nothing');
    expect(mendOf({ ...well, endpoint: null, person: 'ray', device: null })).toBe('nothing');
  });

  it('is a new subscription for a new key, a lost one, and one that was refused', () => {
    expect(mendOf({ ...well, fits: false })).toBe('anew');
    expect(mendOf({ ...well, endpoint: null })).toBe('anew');
    expect(mendOf({ ...well, device: { health: 'refused' } })).toBe('anew');
    expect(mendOf({ ...well, device: { health: 'gone' } })).toBe('anew');
    expect(mendOf({ ...well, device: { health: 'failing' } })).toBe('nothing');
  });

  it('tells the server of another endpoint, another sign-in and another person', () => {
    expect(mendOf({ ...well, endpoint: 'https://push.example/2' })).toBe('take');
    expect(mendOf({ ...well, signIn: 's2', device: null })).toBe('take');
    expect(mendOf({ ...well, person: 'ray', device: null })).toBe('take');
    expect(mendOf({ ...well, known: null, device: null })).toBe('take');
  });

  it('keeps off what was taken away on another device', () => {
    expect(mendOf({ ...well, device: null })).toBe('off');
  });
});

it('a device is called by its browser and its system', () => {
  const chrome =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/148.0.0.0 Safari/537.36';
  expect(deviceName({ userAgent: chrome, maxTouchPoints: 0 })).toBe('Chrome on Windows');
  expect(deviceName({ userAgent: `${chrome} Edg/148.0`, maxTouchPoints: 0 })).toBe('Edge on Windows');
  const safari =
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15';
  expect(deviceName({ userAgent: safari, maxTouchPoints: 0 })).toBe('Safari on Mac');
  expect(deviceName({ userAgent: safari, maxTouchPoints: 5 })).toBe('Safari on iPad');
  expect(deviceName({ userAgent: 'curl', maxTouchPoints: 0 })).toBe('A browser');
});

const deviceOf = (id: string, more: Partial<Device> = {}): Device => ({
  id,
  kind: 'webpush',
  name: 'Chrome on Windows',
  created_at: '2026-11-01T10:00:00Z',
  last_success_at: '2026-11-20T10:00:00Z',
  health: 'ok',
  health_reason: null,
  ...more,
});

const NO_TEXTS: PushSettings['texts'] = {
  allowed: false,
  stopped_at: null,
  said_stop: false,
  start_to: null,
  number: null,
};

const GONE = { type: 'urn:porchlight:problem:device-gone', title: 'Gone', detail: 'It has gone' };

describe('the page', () => {
  let inbox: Inbox;
  let devices: Device[];
  let asked: string[];
  /** How the server takes a test; null: with a problem. */
  let tested: Device | null;
  let down: boolean;
  let subscription: { endpoint: string } | null;

  beforeEach(async () => {
    [devices, asked, tested, down, subscription] = [[], [], null, false, null];
    mock.wakes = { quiet: null, on_call: false, office: 'mine', texts: NO_TEXTS };
    mock.ladder = { enabled: true, text_after_minutes: 10, alert_after_minutes: 10 };
    const passed = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
      const { pathname } = new URL(String(input), location.origin);
      if (down && init?.method === 'PUT')
        return Promise.resolve(Response.json({ title: 'Away' }, { status: 503 }));
      if (!pathname.startsWith('/api/devices')) return passed(input, init);
      asked.push(`${init?.method} ${pathname}`);
      return Promise.resolve(answered(String(init?.method), pathname, String(init?.body)));
    });
    class PushManager {}
    const registration = {
      getNotifications: () => Promise.resolve([]),
      pushManager: {
        getSubscription: () => Promise.resolve(subscription),
        subscribe: () => {
          subscription = subscriptionOf('https://push.example/mine');
          return Promise.resolve(subscription);
        },
      },
    };
    vi.stubGlobal('isSecureContext', true);
    vi.stubGlobal('PushManager', PushManager);
    vi.stubGlobal('Notification', {
      permission: 'granted',
      requestPermission: () => Promise.resolve('granted'),
    });
    Object.defineProperty(navigator, 'serviceWorker', {
      configurable: true,
      value: { getRegistration: () => Promise.resolve(registration) },
    });
    inbox = await openInbox();
    inbox.viewer.me = { ...inbox.viewer.me!, vapid_public_key: KEY };
  });
  afterEach(async () => {
    inbox.stop();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    Reflect.deleteProperty(navigator, 'serviceWorker');
    await setDevice(null);
    await setPerson(null);
  });

  const subscriptionOf = (endpoint: string) => ({
    endpoint,
    options: { applicationServerKey: bytes(KEY) },
    toJSON: () => ({ endpoint, keys: { p256dh: 'p', auth: 'a' } }),
    unsubscribe: () => {
      subscription = null;
      return Promise.resolve(true);
    },
  });

  function answered(method: string, path: string, body: string): Response {
    if (down) return Response.json({ title: 'Away' }, { status: 503 });
    if (method === 'GET') return Response.json({ devices, texts: mock.wakes.texts });
    if (path.endsWith('/test'))
      return tested
        ? Response.json({ device: tested, told: 'Sent.' })
        : Response.json(GONE, { status: 409, headers: { 'content-type': 'application/problem+json' } });
    if (method === 'DELETE') {
      devices = devices.filter(({ id }) => !path.endsWith(id));
      return new Response(null, { status: 204 });
    }
    const { id, name } = JSON.parse(body) as { id: string; name: string };
    const made = deviceOf(id, { name, health: 'new', last_success_at: null });
    devices = [made, ...devices];
    return Response.json(made);
  }

  const draw = () => drawIn(inbox, DevicesPage, {});
  const named = async (name: RegExp | string) => screen.findByRole('button', { name });
  const turned = (on: 'on' | 'off') =>
    screen.findByRole('switch', { name: new RegExp(`Notifications on this device: ${on}`, 'i') });

  it('switches this device on by a press only, and off again', async () => {
    const permission = vi.spyOn(Notification, 'requestPermission');
    draw();
    await screen.findByText('None of your devices is on');
    await screen.findByText(/^Off\. New messages/);
    expect(permission).not.toHaveBeenCalled();
    await fireEvent.click(await turned('off'));
    await turned('on');
    await screen.findByText('this one');
    expect(await knownDevice()).toMatchObject({ person: ANA(), endpoint: 'https://push.example/mine' });
    await fireEvent.click(await turned('on'));
    await turned('off');
    await screen.findByText('None of your devices is on');
    expect([subscription, await knownDevice(), devices]).toEqual([null, null, []]);
  });

  it('goes on by itself once what it needs has come', async () => {
    let come = (_: unknown) => undefined as void;
    let registration: unknown;
    const whole = await navigator.serviceWorker.getRegistration();
    Object.defineProperty(navigator, 'serviceWorker', {
      configurable: true,
      value: {
        getRegistration: () => Promise.resolve(registration),
        ready: new Promise((resolve) => (come = resolve)),
      },
    });
    draw();
    await screen.findByText(/^Not yet: this device is fetching/);
    come((registration = whole));
    await turned('off');
    expect(screen.queryByText(/^Not yet/)).toBe(null);
  });

  it('says in words how a device does, what a test came to, and asks before it removes one', async () => {
    devices = [
      deviceOf('D1'),
      deviceOf('D2', { name: 'Pixel', kind: 'fcm', health: 'refused', health_reason: 'The key is another' }),
    ];
    draw();
    await screen.findByText('Works');
    await screen.findByText('Refused. Open Porchlight there once: The key is another');
    tested = devices[0]!;
    await fireEvent.click(await named('Test Chrome on Windows'));
    await screen.findByText(/Handed to Chrome on Windows’s push service/);
    tested = null;
    await fireEvent.click(await named('Test Pixel'));
    await screen.findByText('Pixel was not reached: It has gone');
    await fireEvent.click(await named('Remove Pixel'));
    expect(asked.some((one) => one.startsWith('DELETE'))).toBe(false);
    await fireEvent.click(await named('Remove'));
    await until(() => screen.queryByText('Pixel') === null);
    expect(asked).toContain('DELETE /api/devices/D2');
  });

  it('says that it did not load, and tries again', async () => {
    down = true;
    draw();
    await screen.findByText('Your devices did not load');
    down = false;
    devices = [deviceOf('D1')];
    await fireEvent.click(await named('Try again'));
    await screen.findByText('Chrome on Windows');
  });

  it('says why this device cannot, and how that is undone', async () => {
    vi.stubGlobal('Notification', { permission: 'denied' });
    const { unmount } = draw();
    await screen.findByText('This device blocks notifications from Porchlight.');
    unmount();
    vi.stubGlobal('Notification', { permission: 'default' });
    inbox.viewer.me = { ...inbox.viewer.me!, vapid_public_key: null };
    draw();
    await screen.findByText('Our server sends no push notifications yet.');
  });

  it('is off where its push service knows it no longer', async () => {
    draw();
    await screen.findByText(/^Off\. New messages/);
    await fireEvent.click(await turned('off'));
    await turned('on');
    await fireEvent.click(await named(/^Test/));
    await turned('off');
    expect([subscription, await knownDevice()]).toEqual([null, null]);
  });

  describe('what wakes its owner', () => {
    const turnedTo = (name: string, on: 'on' | 'off') =>
      screen.findByRole('switch', { name: new RegExp(`^${name}: ${on}`, 'i') });
    const saved = () => mock.wakes as PushSettings;
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

    it('is saved as it is said, one word after the other, and can be taken back', async () => {
      draw();
      await fireEvent.click(await turnedTo('Quiet hours', 'off'));
      const night = { from: '22:00', until: '07:00', time_zone: zone };
      await until(() => saved().quiet !== null);
      expect(saved()).toMatchObject({ quiet: night, on_call: false, office: 'mine' });
      await screen.findByText(/^Each night, into the next morning, by /);
      await fireEvent.click(await turnedTo('On call', 'off'));
      await fireEvent.click(await screen.findByRole('radio', { name: /^All/ }));
      await until(() => saved().office === 'all');
      expect(saved()).toMatchObject({ quiet: night, on_call: true, office: 'all' });
      await screen.findByText(/Emergencies come through\.$/);
      inbox.toasts.undo();
      await until(() => saved().office === 'mine');
      expect(saved()).toMatchObject({ quiet: night, on_call: true, office: 'mine' });
      await fireEvent.click(await turnedTo('Quiet hours', 'on'));
      await until(() => saved().quiet === null);
    });

    it('takes hours once both are whole, and says what they come to', async () => {
      mock.wakes = {
        quiet: { from: '22:00', until: '24:00', time_zone: zone },
        on_call: false,
        office: 'mine',
        texts: NO_TEXTS,
      };
      draw();
      const [from, to] = [await screen.findByLabelText('From'), await screen.findByLabelText('Until')];
      expect((to as HTMLInputElement).value, 'the end of a day').toBe('00:00');
      await fireEvent.input(from, { target: { value: '' } });
      await screen.findByText(/^Fill in both times/);
      await fireEvent.blur(from);
      expect(saved().quiet).toMatchObject({ from: '22:00' });
      await fireEvent.input(from, { target: { value: '09:30' } });
      await fireEvent.input(to, { target: { value: '12:15' } });
      await fireEvent.blur(to);
      await until(() => (saved().quiet as { from: string }).from === '09:30');
      expect(saved().quiet).toEqual({ from: '09:30', until: '12:15', time_zone: zone });
      await screen.findByText(/^Each day, by /);
      const clock = screen.getByLabelText('By the clock of');
      await fireEvent.change(clock, { target: { value: 'others' } });
      await fireEvent.change(clock, { target: { value: 'Pacific/Honolulu' } });
      await until(() => (saved().quiet as { time_zone: string }).time_zone === 'Pacific/Honolulu');
    });

    it('is as it was before, and says so, where it was not saved', async () => {
      draw();
      await turnedTo('On call', 'off');
      down = true;
      await fireEvent.click(await turnedTo('On call', 'off'));
      await screen.findByText(/^Not saved, it is as it was before: /);
      down = false;
      await fireEvent.click(await turnedTo('On call', 'off'));
      await until(() => saved().on_call);
      expect(screen.queryByText(/^Not saved/)).toBe(null);
    });

    it('leaves alone what another device has changed meanwhile', async () => {
      draw();
      await turnedTo('On call', 'off');
      mock.wakes = { ...mock.wakes, office: 'none' };
      await fireEvent.click(await turnedTo('On call', 'off'));
      await until(() => saved().on_call);
      expect(saved().office).toBe('none');
      await until(() => (screen.getByRole('radio', { name: /^None/ }) as HTMLInputElement).checked);
    });

    it('says so of the one change that failed, and keeps the next', async () => {
      draw();
      await turnedTo('On call', 'off');
      down = true;
      await fireEvent.click(await turnedTo('On call', 'off'));
      await fireEvent.click(await screen.findByRole('radio', { name: /^All/ }));
      await screen.findByText(/^Not saved, it is as it was before: /);
      down = false;
      await fireEvent.click(await screen.findByRole('radio', { name: /^None/ }));
      await until(() => saved().office === 'none');
      await turnedTo('On call', 'off');
      expect(saved().on_call).toBe(false);
    });

    it('is a text to one’s own phone, too, for whoever agrees to that, and said only when it changes', async () => {
      mock.wakes = { ...mock.wakes, texts: { ...NO_TEXTS, number: '+12075550142' } };
      draw();
      const texts = () => saved().texts.allowed;
      const agreed = () => mock.requests.filter(({ body }) => body && 'texts' in body).length;
      await screen.findByText(/^“Text me when a customer waits and nobody on the job has opened the message/);
      await screen.findByText(/^To \(207\) 555-0142/);
      await fireEvent.click(await turnedTo('On call', 'off'));
      await until(() => saved().on_call);
      expect(agreed()).toBe(0);
      await fireEvent.click(await turnedTo('Text me when a push stays unopened', 'off'));
      await until(texts);
      await turnedTo('Text me when a push stays unopened', 'on');
      expect(saved().on_call).toBe(true);
      inbox.toasts.undo();
      await until(() => !texts());
      expect(agreed()).toBe(2);
      expect(screen.queryByText(/^Your business has this switched off/)).toBe(null);
    });

    it('says what is in the way of texts, and who can take it away', async () => {
      mock.ladder = { ...mock.ladder, enabled: false };
      const { unmount } = draw();
      await screen.findByText(/^The business does not have your own number/);
      await screen.findByText(/^Your business has this switched off/);
      unmount();
      const stopped_at = '2026-11-18T17:00:00Z';
      inbox.viewer.me = { ...inbox.viewer.me!, role: 'admin' };
      const admin = draw();
      const add = await screen.findByRole('link', { name: /Add it under Staff/ });
      expect(add.getAttribute('href')).toBe('/settings/staff');
      admin.unmount();
      const stopped = { ...NO_TEXTS, stopped_at, start_to: '+12075550100', number: '+12075550142' };
      mock.wakes = { ...mock.wakes, texts: stopped };
      const silent = draw();
      await screen.findByText(
        /^Your phone has taken no texts since Nov 18, 2026: text START from it to \(207\) /,
      );
      silent.unmount();
      mock.wakes = { ...mock.wakes, texts: { ...stopped, said_stop: true } };
      draw();
      await screen.findByText(
        /^Your phone texted STOP on Nov 18, 2026: text START from it to \(207\) 555-0100 /,
      );
      const turn = await turnedTo('Text me when a push stays unopened', 'off');
      await fireEvent.click(turn);
      expect(turn.getAttribute('aria-disabled')).toBe('true');
      expect(saved().texts.allowed).toBe(false);
    });

    it('has nothing of the office’s for a technician', async () => {
      inbox.viewer.me = { ...inbox.viewer.me!, role: 'technician' };
      draw();
      await turnedTo('On call', 'off');
      expect(screen.queryByRole('radio')).toBe(null);
    });
  });

  it('signing out leaves this browser to nobody', async () => {
    const { leaveDevice } = await import('../../src/features/devices/leaving');
    draw();
    await screen.findByText(/^Off\. New messages/);
    await fireEvent.click(await turned('off'));
    await turned('on');
    await setPerson(ANA());
    await leaveDevice(ANA());
    expect([subscription, await knownDevice(), await knownPerson()]).toEqual([null, null, null]);
  });
});
