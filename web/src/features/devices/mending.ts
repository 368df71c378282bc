// At each start of the app: whatever has come between this browser and its pushes is put right, without a question.
import type { Device, Me } from '../../api/types';
import { knownDevice, setDevice, type KnownDevice } from '../../worker/known';
import { ownDevices, register } from './calls';
import { signInMark } from './mark';
import { deviceName } from './naming';
import { isFor, registered, subscribed } from './subscribing';

/** Of this browser and its server, as far as it decides. */
export interface Standing {
  /** Where this browser is pushed to; null: nowhere. */
  endpoint: string | null;
  /** That was made for the key that the server has now. */
  fits: boolean;
  known: KnownDevice | null;
  /** The last sign-in in this browser. */
  signIn: string;
  /** The same device as the server has it; null: it has none. */
  device: Pick<Device, 'health'> | null;
  person: string;
}

/** `take`: the server is told of it. `anew`: it is made anew, and told of. `off`: it was taken away elsewhere. */
export type Mend = 'nothing' | 'take' | 'anew' | 'off';

const LOST: readonly string[] = ['refused', 'gone'];

export function mendOf({ endpoint, fits, known, signIn, device, person }: Standing): Mend {
  const theirs = known?.person === person;
  if (endpoint === null) return theirs ? 'anew' : 'nothing';
  if (!fits) return 'anew';
  // The browser has one place, and whoever signed in last has it; with a session that has ended it is silent.
  if (!theirs || known.signIn !== signIn) return 'take';
  if (!device) return 'off';
  if (LOST.includes(device.health)) return 'anew';
  return known.endpoint === endpoint ? 'nothing' : 'take';
}

/** One at a time, whichever window does it. */
export const alone = <T>(act: () => Promise<T>): Promise<T> =>
  navigator.locks ? navigator.locks.request('porchlight.push', act) : act();

/** Throws a `Failure` where the server does not answer. */
export const mend = (me: Me): Promise<Mend> => alone(() => mendNow(me));

async function mendNow(me: Me): Promise<Mend> {
  const key = me.vapid_public_key;
  const registration = await registered();
  if (!key || !registration || Notification.permission !== 'granted') return 'nothing';
  const [subscription, known] = [await registration.pushManager.getSubscription(), await knownDevice()];
  const theirs = known?.person === me.id;
  const device =
    theirs && subscription ? ((await ownDevices()).find(({ id }) => id === known.id) ?? null) : null;
  const endpoint = subscription?.endpoint ?? null;
  const fits = !subscription || isFor(subscription, key);
  const what = mendOf({ endpoint, fits, known, signIn: signInMark(), device, person: me.id });
  if (what === 'take' || what === 'anew') await take(registration, key, me.id, what === 'anew');
  if (what === 'off') await turnOff();
  return what;
}

/** Has the server push here, for this person. Throws what the browser or the server says against it. */
export async function take(
  registration: ServiceWorkerRegistration,
  key: string,
  person: string,
  anew = false,
): Promise<Device> {
  const known = await knownDevice();
  const subscription = await subscribed(registration, key, anew);
  const id = known?.person === person ? known.id : undefined;
  const device = await register({ subscription, key, name: deviceName(navigator), id });
  await setDevice({ id: device.id, person, endpoint: subscription.endpoint, signIn: signInMark() });
  return device;
}

/** Nothing is pushed here any more. The push service answers a server that tries all the same. */
export async function turnOff(): Promise<void> {
  const registration = await registered();
  const subscription = await registration?.pushManager.getSubscription();
  await setDevice(null);
  // It may need the network; without it, what still comes is shown as a neutral line.
  await subscription?.unsubscribe().catch(() => false);
}
