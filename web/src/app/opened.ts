import { router } from './router.svelte';

/** What the worker asks of a window when somebody presses a notification (worker/push.ts). */
interface Asked {
  type?: string;
  path?: string;
}

/** The window goes where a notification leads, as a link of its own would: what is written in it stays. */
export function watchOpened(): void {
  navigator.serviceWorker?.addEventListener('message', ({ data, ports }: MessageEvent<Asked>) => {
    if (data.type !== 'open' || !data.path?.startsWith('/')) return;
    router.go(data.path);
    ports[0]?.postMessage('open');
  });
}

/** A notification that no worker has opened names its message beside the thread. */
export function readOpened(): void {
  const message = new URLSearchParams(location.search).get('message');
  if (message && /^\/conversations\/[^/]+$/.test(location.pathname))
    router.go(`${location.pathname}/messages/${encodeURIComponent(message)}`, { replace: true });
}
