import type { CapacitorConfig } from '@capacitor/cli';

/** What whoever builds the app says, by environment. */
export type Said = Partial<Record<string, string>> & {
  /** Where Porchlight is served: an origin of https. */
  PORCHLIGHT_URL?: string;
  /** The app's id in both stores. */
  PORCHLIGHT_APP_ID?: string;
  PORCHLIGHT_APP_NAME?: string;
};

/** Both stores take it: a name of a domain backwards, each part beginning with a letter. */
const ID = /^[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)+$/;
/** The page of the shell that stands where nothing answers and nothing is kept. */
export const AWAY = 'away.html';

/** The origin of the hosted app. Throws a sentence for whoever builds. */
export function origin({ PORCHLIGHT_URL: said }: Said): string {
  if (!said) throw new Error('Set PORCHLIGHT_URL to where Porchlight is served, such as https://app.example.com.');
  if (!URL.canParse(said)) throw new Error(`PORCHLIGHT_URL is no address: ${said}`);
  const url = new URL(said);
  // Without it neither the worker nor the cookie of the session is there.
  if (url.protocol !== 'https:') throw new Error('PORCHLIGHT_URL has to begin with https://.');
  if (url.username || url.password) throw new Error('PORCHLIGHT_URL must not hold a name or a password.');
  if (url.pathname !== '/' || url.search || url.hash)
    throw new Error('PORCHLIGHT_URL is an origin: without a path, and nothing behind it.');
  return url.origin;
}

function id({ PORCHLIGHT_APP_ID: said = 'dev.porchlight.app' }: Said): string {
  if (!ID.test(said)) throw new Error(`PORCHLIGHT_APP_ID is no id such as com.example.porchlight: ${said}`);
  return said;
}

/** The shell around the hosted app: the window is the origin's alone, and only that is given the phone's bridge. */
export function configOf(said: Said): CapacitorConfig {
  return {
    appId: id(said),
    appName: said.PORCHLIGHT_APP_NAME ?? 'Porchlight',
    webDir: 'www',
    server: { url: origin(said), cleartext: false, errorPath: AWAY },
    // The worker of the web app, and with it a start without a connection, is there in iOS for bound domains only.
    ios: { limitsNavigationsToAppBoundDomains: true },
    plugins: {
      // Whoever looks is told by the page.
      PushNotifications: { presentationOptions: [] },
      Badge: { persist: true, autoClear: false },
    },
  };
}
