// What the API is asked about devices.
import { repeat } from '../../api/again';
import { answer, api } from '../../api/client';
import type { Device } from '../../api/types';
import { ulid } from '../../app/ulid';

/** The viewer's own devices. */
export const ownDevices = async (): Promise<readonly Device[]> =>
  (await answer(api.GET('/api/devices'))).devices;

/** A subscription, as the server is told of it. */
export interface Registered {
  subscription: PushSubscription;
  /** The server's key that it was made for. */
  key: string;
  name: string;
  /** Where it is known. The same place under another id is the device that it was. */
  id: string | undefined;
}

export function register({ subscription, key, name, id = ulid() }: Registered): Promise<Device> {
  const { endpoint, keys } = subscription.toJSON() as {
    endpoint: string;
    keys: { p256dh: string; auth: string };
  };
  const body = { id, kind: 'webpush' as const, name, key, subscription: { endpoint, keys } };
  return repeat(() => answer(api.POST('/api/devices', { body })));
}

/** The token of a phone's own service, as the server is told of it. */
export interface Phone {
  kind: 'apns' | 'fcm';
  token: string;
  name: string;
  /** Where it is known. */
  id: string | undefined;
}

export function registerPhone({ kind, token, name, id = ulid() }: Phone): Promise<Device> {
  return repeat(() => answer(api.POST('/api/devices', { body: { id, kind, token, name } })));
}

export const remove = (id: string): Promise<unknown> =>
  repeat(() => answer(api.DELETE('/api/devices/{id}', { params: { path: { id } } })));

/** Has a push sent there. Throws a `Failure` with the push service's reason. */
export const tryOut = (id: string): Promise<unknown> =>
  answer(api.POST('/api/devices/{id}/test', { params: { path: { id } } }));
