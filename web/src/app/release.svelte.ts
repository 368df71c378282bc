// The service worker, as the window sees it: whether the app starts without a connection, and whether a newer build waits
// to be taken. Nothing here loads the page again by itself: whoever reads or writes says when.
import { currentBuild } from '../worker/current';
import { reloadedFor, writing } from './torn';

/** An installed app stays open for days: how often it asks for a newer build by itself. */
const ASK_MS = 60 * 60_000;
/** The window's own questions come first. */
const QUIET_MS = 2_000;

/** Of this page. `none` in development, where files are not kept. */
const own = document.documentElement.dataset['build'] ?? 'none';

/** Whether `current` is news to a page of the build `own` that found `seen` when it began. */
export const isNews = (current: string | null, own: string, seen: string | null): boolean =>
  current !== null && current !== own && current !== seen;

class Release {
  /** The app's files are on this device: it starts without a connection. `refused`: this browser keeps none. */
  kept = $state<'coming' | 'whole' | 'refused'>('coming');
  /** A newer build is here whole: this window gets it when it is loaded again. */
  ready = $state(false);
  /** A part of this page is nowhere any more: loading it again has not helped, or somebody writes. */
  torn = $state(false);
  #seen: string | null = null;
  #registration: ServiceWorkerRegistration | undefined;
  #asked = 0;

  /** Once, when the first screen is there. */
  begin(): void {
    addEventListener('vite:preloadError', () => (this.torn ||= writing() || reloadedFor(own)));
    if (own === 'none') return;
    if (!('serviceWorker' in navigator)) {
      this.kept = 'refused';
      return;
    }
    navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<{ type?: string }>) => {
      if (data.type === 'build') void this.#look();
    });
    document.addEventListener('visibilitychange', () => !document.hidden && this.#looked());
    setTimeout(() => void this.#register(), QUIET_MS);
  }

  /** Loads this window again, and no other: each is asked for itself. What is written is kept as it is typed. */
  take(): void {
    location.reload();
  }

  async #register(): Promise<void> {
    try {
      this.#seen = await currentBuild(caches);
      this.#registration = await navigator.serviceWorker.register(address('/sw.js'), {
        updateViaCache: 'none',
      });
      this.#asked = Date.now();
      await this.#look();
    } catch {
      // Switched off, or no room: the app works, with a connection. Me says so.
      this.kept = 'refused';
    }
  }

  #looked(): void {
    void this.#look();
    if (!this.#registration || Date.now() - this.#asked < ASK_MS) return;
    this.#asked = Date.now();
    // No answer now: the browser asks again at the next start.
    this.#registration.update().catch(() => undefined);
  }

  async #look(): Promise<void> {
    const current = await currentBuild(caches).catch(() => null);
    if (current !== null) this.kept = 'whole';
    this.ready = isNews(current, own, this.#seen);
  }
}

interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): string;
  };
}

/** The page's policy takes scripts only from what it was told of by name. */
function address(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: Policies };
  const same = { createScriptURL: (given: string) => given };
  return (trustedTypes?.createPolicy('service-worker', same) ?? same).createScriptURL(url);
}

export const release = new Release();
