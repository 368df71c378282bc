import { knownDevice, setPerson } from '../../worker/known';
import { alone, turnOff } from './mending';
import { registered } from './subscribing';

const WAIT_MS = 5_000;

/** Signed out: nothing more is pushed to this browser, and nothing that was stays on its screen. The server knows it. */
export async function leaveDevice(person: string): Promise<void> {
  const known = await knownDevice();
  // The person first: what comes in between names nobody.
  await setPerson(null);
  if (known?.person === person) await alone(() => within(turnOff()));
  for (const shown of (await (await registered())?.getNotifications()) ?? []) shown.close();
}

/** Whoever signs in next does not wait for the network. */
const within = (act: Promise<unknown>): Promise<unknown> =>
  Promise.race([act, new Promise((resolve) => setTimeout(resolve, WAIT_MS))]);
