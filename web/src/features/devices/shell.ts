// The shell of a store's app around this page (infra/wrapper), as far as it is asked here. Capacitor puts it on the page;
// nothing of it is in our bundle.

type Permission = 'prompt' | 'prompt-with-rationale' | 'granted' | 'denied';

interface Listened {
  remove(): Promise<void>;
}

/** What was pushed; `data` is our payload's, of Google's with texts alone. */
export interface Shown {
  id: string;
  /** Of Google's: what names the notification. */
  tag?: string;
  data?: Record<string, unknown>;
}

/** `@capacitor/push-notifications`, what we ask of it. */
export interface Pushes {
  checkPermissions(): Promise<{ receive: Permission }>;
  requestPermissions(): Promise<{ receive: Permission }>;
  register(): Promise<void>;
  unregister(): Promise<void>;
  getDeliveredNotifications(): Promise<{ notifications: Shown[] }>;
  removeDeliveredNotifications(given: { notifications: Shown[] }): Promise<void>;
  removeAllDeliveredNotifications(): Promise<void>;
  addListener(name: 'registration', told: (token: { value: string }) => void): Promise<Listened> | Listened;
  addListener(name: 'registrationError', told: () => void): Promise<Listened> | Listened;
  addListener(
    name: 'pushNotificationActionPerformed',
    told: (tap: { notification: Shown }) => void,
  ): Promise<Listened> | Listened;
}

/** `@capawesome/capacitor-badge`, what we ask of it. */
interface Badge {
  set(given: { count: number }): Promise<void>;
  clear(): Promise<void>;
}

export interface Shell {
  isNativePlatform?(): boolean;
  getPlatform(): string;
  Plugins: { PushNotifications?: Pushes; Badge?: Badge };
}

/** The app around this page; null in a browser. */
export function shell(): Shell | null {
  const { Capacitor } = globalThis as { Capacitor?: Shell };
  return Capacitor?.isNativePlatform?.() ? Capacitor : null;
}
