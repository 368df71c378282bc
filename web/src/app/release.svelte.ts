// The service worker, as the window sees it: whether the app starts without a connection, and whether a newer build waits
// to be taken. Nothing here loads the page again by itself: whoever reads or writes says when.
import { currentBuild } from '../worker/current';
import { parts } from './torn.svelte';

/** An installed app stays open for days: how often it asks for a newer build by itself. */
const ASK_MS = 60 * 60_000;
/** The window's own questions come first. */
const QUIET_MS = 2_000;

/** Of this page. `none` in development, where files are not kept. */
const own = document.documentElement.dataset['build'] ?? 'none';

/** Whether `current` is news to a page of the build `own` that found `seen` when it began. */
export const isNews = (current: string | null, own: string, seen: string | null): boolean =>
  current !== null && current !== own && current !== seen;

/** Null also where nothing may be kept. */
const found = () => currentBuild(caches).catch(() => null);

class Release {
  /** The app's files are on this device: it starts without a connection. `refused`: this browser keeps none. */
  kept = $state<'coming' | 'whole' | 'refused'>('coming');
  /** A newer build is here whole: this window gets it when it is loaded again. */
  ready = $state(false);
  /** What was kept when this window began: whatever comes after it is news. */
  #seen: Promise<string | null> = Promise.resolve(null);
  #registration: ServiceWorkerRegistration | undefined;
  #asked = 0;

  /** A part of this page is nowhere any more, and loading it again has not helped, or somebody writes; until it comes. */
  get torn(): boolean {
    return parts.gone;
  }

  /** Once, when the first screen is there. */
  begin(): void {
    if (own === 'none') return;
    if (!('serviceWorker' in navigator)) {
      this.kept = 'refused';
      return;
    }
    // Before any wait: a worker may fetch the next build meanwhile.
    this.#seen = found();
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
      this.#registration = await navigator.serviceWorker.register(address('/sw.js'), {
        updateViaCache: 'none',
      });
      this.#asked = Date.now();
      this.#watch(this.#registration.installing);
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

  /** A first worker that is thrown away could not keep the files: there was no room for them, or one did not come. */
  #watch(worker: ServiceWorker | null): void {
    worker?.addEventListener('statechange', () => worker.state === 'redundant' && void this.#look(true));
  }

  async #look(thrown = false): Promise<void> {
    const current = await found();
    if (current !== null) this.kept = 'whole';
    else if (thrown) this.kept = 'refused';
    this.ready = isNews(current, own, await this.#seen);
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
