// Which sign-in of this browser it is: a device is told to the server once for each.
import { ulid } from '../../app/ulid';

const KEY = 'porchlight.signed-in';

/** Somebody has just signed in here. */
export function markSignIn(): void {
  try {
    localStorage.setItem(KEY, ulid());
  } catch {
    // Storage switched off: nothing is known of devices here either.
  }
}

/** Empty where it was before marks. */
export function signInMark(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}
