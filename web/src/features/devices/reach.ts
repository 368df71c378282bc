import { way, type Way } from '../../app/device';
import { shell } from './shell';

/** What stands between this browser and pushes. `ios`: the app has to be installed first. `app`: the phone does it. */
export type Reach = 'none' | 'ios' | 'app' | 'denied' | 'can';

/** What a browser has of what pushes need. */
export interface Has {
  secure: boolean;
  worker: boolean;
  push: boolean;
  permission: NotificationPermission | null;
  way: Way;
}

export function reachOf({ secure, worker, push, permission, way }: Has): Reach {
  if (secure && worker && push && permission !== null) return permission === 'denied' ? 'denied' : 'can';
  return way === 'ios' ? 'ios' : 'none';
}

export const reach = (): Reach => (shell() ? 'app' : reachOf(browser()));

const browser = (): Has => ({
  secure: globalThis.isSecureContext,
  worker: 'serviceWorker' in navigator,
  push: 'PushManager' in globalThis,
  permission: 'Notification' in globalThis ? Notification.permission : null,
  way: way(),
});
