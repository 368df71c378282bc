// The service worker. It only answers for the app's own files; everything else goes its way as if it were not there. Once
// a browser says that the connection is back, it sends what waits in the outbox.
import { deliverKept } from './outbox';
import { isPage, Shell, type Build } from './shell';

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
