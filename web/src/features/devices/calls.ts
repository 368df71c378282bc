// What the API is asked about devices.
import { repeat } from '../../api/again';
import { answer, api } from '../../api/client';
import type { Device, DeviceTest } from '../../api/types';
import { ulid } from '../../app/ulid';

type Call<T> = (path: string, init?: object) => Promise<{ data?: T; response: Response }>;
const asking = api as unknown as Record<'GET' | 'POST' | 'DELETE', Call<unknown>>;
const ask = <T>(call: Promise<{ response: Response }>) => answer(call) as Promise<T>;

/** The viewer's own devices. */
export const ownDevices = async (): Promise<readonly Device[]> =>
  (await ask<{ devices: Device[] }>(asking.GET('/api/devices'))).devices;

/** Tells the server where to push to. The same place under another id is the device that it was; `id` where it is known. */
export function register(subscription: PushSubscription, name: string, id = ulid()): Promise<Device> {
  const { endpoint, keys } = subscription.toJSON();
  const body = { id, kind: 'webpush', name, subscription: { endpoint, keys } };
  return repeat(() => ask<Device>(asking.POST('/api/devices', { body })));
}

export const remove = (id: string): Promise<unknown> =>
  repeat(() => answer(asking.DELETE('/api/devices/{id}', { params: { path: { id } } })));

/** Has a push sent there, and hears what the push service said. */
export const tryOut = (id: string): Promise<DeviceTest> =>
  ask(asking.POST('/api/devices/{id}/test', { params: { path: { id } } }));
