// The files of the app itself, kept on the device so that it starts without a connection. Nothing that the API answers is
// ever among them: a device may change hands.
import { currentBuild, setCurrentBuild } from './current';

/** A file of a build; with the digest of its content, unless its name has one. */
export type Kept = readonly [path: string, integrity?: string];

/** What `build/worker.mjs` tells of one build. */
export interface Build {
  id: string;
  files: readonly Kept[];
}

const PREFIX = 'porchlight.app.';
const PAGE = '/index.html';
/** Builds that stay beside the newest: tabs that are open may still want their parts. */
const OLDER = 2;
/** Files fetched at a time: the window's own questions come first. */
const AT_ONCE = 4;
const TYPES: Record<string, RegExp> = {
  js: /^(text|application)\/javascript\b/,
  css: /^text\/css\b/,
  html: /^text\/html\b/,
  svg: /^image\/svg\+xml\b/,
  webmanifest: /json\b/,
};

/** Whether an address is answered by the page. The same rule as the server's, less what is another function's. */
export const isPage = (path: string) =>
  !/^\/(api|media|twilio)\//.test(path) && !path.slice(path.lastIndexOf('/') + 1).includes('.');

/** Whether an answer is the file that was asked for: not a sign-in page of somebody's network, not a page for a script. */
export function isFile(path: string, { status, redirected, headers }: Response): boolean {
  const type = headers.get('content-type') ?? '';
  const wanted = TYPES[path.slice(path.lastIndexOf('.') + 1)];
  return status === 200 && !redirected && (wanted ? wanted.test(type) : !TYPES['html']!.test(type));
}

/**
 * One build's files, among those of others. Parts are named by their content, so that whichever worker runs answers the
 * tabs of every build; a page is always of the newest build that is here whole. A new worker therefore takes over at
 * once and nobody notices: what a tab shows changes only when it is loaded again.
 */
export class Shell {
  readonly #build: Build;
  readonly #caches: CacheStorage;
  readonly #fetch: typeof fetch;

  constructor(build: Build, caches: CacheStorage, fetch: typeof globalThis.fetch) {
    [this.#build, this.#caches, this.#fetch] = [build, caches, fetch];
  }

  /** Whether the files answer for this address: the page's parts, and what stands beside the page. */
  has(path: string): boolean {
    return path.startsWith('/assets/') || this.#build.files.some(([file]) => file === path);
  }

  /** All of the build or nothing: throws when a file is missing, is something else, or finds no room. */
  async install(): Promise<void> {
    const cache = await this.#caches.open(PREFIX + this.#build.id);
    const left = [...this.#build.files];
    const keepNext = async (): Promise<void> => {
      for (let file = left.shift(); file; file = left.shift()) await this.#keep(cache, file);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, keepNext));
    await setCurrentBuild(this.#caches, this.#build.id);
  }

  /** What `install` does, where no build is whole (any more); whether one is now that was not. Throws as `install` does. */
  async restore(): Promise<boolean> {
    if ((await currentBuild(this.#caches)) !== null) return false;
    await this.install();
    return true;
  }

  /** Builds that no open tab is likely to be of go. */
  async clean(): Promise<void> {
    const own = PREFIX + this.#build.id;
    const others = (await this.#caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== own);
    await Promise.all(others.slice(0, -OLDER).map((name) => this.#caches.delete(name)));
  }

  /** The page, whatever address of the app was asked for. */
  async page(request: Request): Promise<Response> {
    const current = await currentBuild(this.#caches);
    const kept = current && (await this.#of(current, PAGE));
    return kept || this.#fetch(request);
  }

  /** A part of a page, or what stands beside the page. */
  async part(request: Request, path: string): Promise<Response> {
    const kept = await this.#kept(path);
    if (kept) return kept;
    const answer = await this.#fetch(request);
    const own = this.#build.files.some(([file]) => file === path);
    if (isFile(path, answer)) {
      if (own) await this.#mend(path, answer.clone());
      return answer;
    }
    // The browser threw it away, and the server has gone on: the next page comes from there. Any other answer says
    // nothing of a release: a network wants to be signed in to, or the server is not well.
    if (own && answer.status === 404) await this.#giveUp();
    return answer.ok ? new Response(null, { status: 404 }) : answer;
  }

  async #keep(cache: Cache, [path, integrity]: Kept): Promise<void> {
    if (await cache.match(path)) return;
    const answer =
      (!integrity && (await this.#kept(path))) ||
      (await this.#fetch(path, integrity ? { integrity, cache: 'reload' } : {}));
    if (!isFile(path, answer)) throw new Error(`${path} answered ${answer.status}`);
    await cache.put(path, answer);
  }

  /** A part by its name, of any build; anything else of the build that pages are of. */
  async #kept(path: string): Promise<Response | undefined> {
    if (path.startsWith('/assets/')) return this.#caches.match(path, { ignoreVary: true });
    const current = await currentBuild(this.#caches);
    return current === null ? undefined : this.#of(current, path);
  }

  async #of(build: string, path: string): Promise<Response | undefined> {
    const name = PREFIX + build;
    if (!(await this.#caches.has(name))) return undefined;
    return (await this.#caches.open(name)).match(path, { ignoreVary: true });
  }

  async #mend(path: string, answer: Response): Promise<void> {
    if (!path.startsWith('/assets/')) return;
    const cache = await this.#caches.open(PREFIX + this.#build.id);
    // It was asked for and is there: without room it is fetched again next time.
    await cache.put(path, answer).catch(() => undefined);
  }

  async #giveUp(): Promise<void> {
    if ((await currentBuild(this.#caches)) === this.#build.id) await setCurrentBuild(this.#caches, null);
  }
}
