// The service worker. It answers for the app's own files, shows what is pushed, and once a browser says that the connection
// is back sends what waits in the outbox; everything else goes its way as if it were not there.
import { deliverKept } from './outbox';
import { readNotification, readPush } from './payload';
import { Pushes } from './push';
import { isPage, Shell, type Build } from './shell';
import { keptOf } from './sweep';

declare const self: ServiceWorkerGlobalScope;
/** Put here by the build. */
declare const BUILD: Build;

const shell = new Shell(BUILD, caches, (input, init) => fetch(input, init));

interface Routing {
  addRoutes?: (rule: { condition: { urlPattern: string }; source: 'network' }) => Promise<void>;
}

/** The API need not wait for a worker to wake up, where the browser can be told so; elsewhere it passes by the worker. */
async function route(event: Routing): Promise<void> {
  try {
    await event.addRoutes?.({ condition: { urlPattern: '/api/*' }, source: 'network' });
  } catch {
    // This browser takes no such rule: nothing depends on it.
  }
}

self.addEventListener('install', (event) => {
  const ready = Promise.all([shell.install(), route(event as Routing)]);
  event.waitUntil(ready.then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([shell.clean(), self.clients.claim()]).then(tell));
});

/** Every window looks what the newest build is. */
async function tell(): Promise<void> {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true }))
    client.postMessage({ type: 'build' });
}

/** A worker that has not changed is never installed again: what was given up is fetched anew with the next page. */
async function restore(): Promise<void> {
  try {
    if (await shell.restore()) await tell();
  } catch {
    // Not now, or the server has gone on, and its own worker comes: the page is from there.
  }
}

self.addEventListener('sync' as never, (event: ExtendableEvent & { tag: string }) => {
  if (event.tag === 'porchlight.outbox') event.waitUntil(deliverKept());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (!isPage(pathname)) return;
    event.respondWith(shell.page(request));
    event.waitUntil(restore());
  } else if (shell.has(pathname)) event.respondWith(shell.part(request, pathname));
});

const pushes = new Pushes({
  registration: self.registration,
  panes: () => self.clients.matchAll({ type: 'window', includeUncontrolled: true }),
  open: (url) => self.clients.openWindow(url),
  fetch: (input, init) => fetch(input, init),
  userAgent: navigator.userAgent,
  badge: navigator.setAppBadge && ((count) => navigator.setAppBadge(count)),
});

/** A browser that has read a declarative push itself hands over what it would show. */
interface Declared {
  notification?: Notification & { navigate?: string };
  appBadge?: number | null;
}

self.addEventListener('push', (event) => {
  const { notification, appBadge } = event as Declared;
  const read = event.data && readPush(event.data.text());
  // What it hands over has its fields behind getters.
  const declared = notification && pick(notification);
  event.waitUntil(pushes.tell(read ?? (declared ? readNotification(declared, appBadge) : null)));
});

const pick = ({ title, body, data, navigate }: NonNullable<Declared['notification']>) => ({
  title,
  body,
  data: data as unknown,
  navigate,
});

self.addEventListener('notificationclick', (event) => {
  const kept = keptOf(event.notification);
  event.notification.close();
  event.waitUntil(pushes.press(kept));
});

interface Changed extends ExtendableEvent {
  oldSubscription?: PushSubscription | null;
  newSubscription?: PushSubscription | null;
}

self.addEventListener('pushsubscriptionchange', (event) => {
  const { oldSubscription = null, newSubscription = null } = event as Changed;
  // Refused or not answered: the next window tells it.
  (event as Changed).waitUntil(pushes.changed(oldSubscription, newSubscription).catch(() => undefined));
});
