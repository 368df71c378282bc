// The files that the service worker keeps, with caches and a network of our own.
import { beforeEach, describe, expect, it } from 'vitest';

import { currentBuild } from '../../src/worker/current';
import { isFile, isPage, Shell, type Build } from '../../src/worker/shell';

/** CacheStorage, as far as it is used. */
class Caches {
  readonly all = new Map<string, Map<string, Response>>();
  full = false;

  open = (name: string) => {
    const held = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, held);
    return Promise.resolve({
      match: (key: string) => Promise.resolve(held.get(key)?.clone()),
      put: (key: string, answer: Response) => {
        if (this.full) return Promise.reject(new DOMException('full', 'QuotaExceededError'));
        held.set(key, answer);
        return Promise.resolve();
      },
      delete: (key: string) => Promise.resolve(held.delete(key)),
    });
  };
  match = (key: string) =>
    Promise.resolve(
      [...this.all.values()]
        .find((held) => held.has(key))
        ?.get(key)
        ?.clone(),
    );
  keys = () => Promise.resolve([...this.all.keys()]);
  has = (name: string) => Promise.resolve(this.all.has(name));
  delete = (name: string) => Promise.resolve(this.all.delete(name));
}

const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
const file = (name: string, content: string, status = 200) =>
  new Response(content, { status, headers: { 'content-type': TYPES[name.split('.').at(-1)!]! } });

let held: Caches;
let asked: string[];
/** What the server has; anything else is 404. */
let server: Record<string, () => Response>;

const shellOf = (build: Build) =>
  new Shell(build, held as unknown as CacheStorage, (input) => {
    const path = typeof input === 'string' ? input : new URL((input as Request).url).pathname;
    asked.push(path);
    return Promise.resolve(server[path]?.() ?? new Response('{}', { status: 404 }));
  });
const buildOf = (id: string, ...parts: string[]): Build => ({
  id,
  files: [['/index.html', `sha256-${id}`], ...parts.map((part) => [`/assets/${part}`] as const)],
});
/** Serves a build in place of the one before. */
function deploy(id: string, ...parts: string[]): Build {
  server = { '/index.html': () => file('a.html', `page ${id}`) };
  for (const part of parts) server[`/assets/${part}`] = () => file(part, part);
  return buildOf(id, ...parts);
}
const ask = (path: string) => new Request(`http://localhost:7878${path}`);
const current = () => currentBuild(held as unknown as CacheStorage);
const partOf = (shell: Shell, path: string) => shell.part(ask(path), path);

beforeEach(() => {
  held = new Caches();
  asked = [];
});

it('only addresses of the app are answered by the page', () => {
  for (const path of ['/', '/conversations', '/conversations/x/messages/y', '/me', '/settings/templates'])
    expect(isPage(path), path).toBe(true);
  for (const path of [
    '/api/media/1',
    '/media/token',
    '/twilio/voice',
    '/sw.js',
    '/assets/a.js',
    '/robots.txt',
  ])
    expect(isPage(path), path).toBe(false);
});

it('a file is what was asked for, and nothing else', () => {
  expect(isFile('/assets/a.js', file('a.js', ''))).toBe(true);
  expect(isFile('/assets/a.js', file('a.html', '<p>Sign in to our Wi-Fi</p>'))).toBe(false);
  expect(isFile('/assets/a.css', file('a.html', ''))).toBe(false);
  expect(isFile('/icons/192.png', file('a.html', ''))).toBe(false);
  expect(isFile('/index.html', file('a.html', ''))).toBe(true);
  expect(isFile('/assets/a.js', file('a.js', '', 404))).toBe(false);
});

describe('a build', () => {
  it('is kept whole, and then pages are of it without a connection', async () => {
    const shell = shellOf(deploy('one', 'index-1.js', 'a-1.css'));
    await shell.install();
    server = {};
    expect(await (await shell.page(ask('/conversations/x'))).text()).toBe('page one');
    expect(await (await partOf(shell, '/assets/index-1.js')).text()).toBe('index-1.js');
    expect(await current()).toBe('one');
  });

  it('of which a script is answered with a page, or a file is missing, is not taken', async () => {
    for (const wrong of [file('a.html', '<p>Sign in</p>'), file('a.js', 'gone', 404)]) {
      const build = deploy('one', 'index-1.js');
      server['/assets/index-1.js'] = () => wrong;
      await expect(shellOf(build).install()).rejects.toThrow('/assets/index-1.js');
      expect(await current()).toBe(null);
      expect(await held.match('/assets/index-1.js')).toBe(undefined);
    }
  });

  it('that finds no room leaves the one before in its place', async () => {
    const first = shellOf(deploy('one', 'index-1.js'));
    await first.install();
    held.full = true;
    await expect(shellOf(deploy('two', 'index-2.js')).install()).rejects.toThrow('full');
    expect(await (await first.page(ask('/'))).text()).toBe('page one');
  });

  it('fetches what it shares with the one before only once, and goes on where it was cut', async () => {
    await shellOf(deploy('one', 'index-1.js', 'same-9.js')).install();
    asked = [];
    const build = deploy('two', 'index-2.js', 'same-9.js', 'late-2.js');
    const late = server['/assets/late-2.js']!;
    delete server['/assets/late-2.js'];
    await expect(shellOf(build).install()).rejects.toThrow();
    server['/assets/late-2.js'] = late;
    await shellOf(build).install();
    expect(asked.filter((path) => path === '/index.html')).toHaveLength(1);
    expect(asked).not.toContain('/assets/same-9.js');
    expect(await current()).toBe('two');
  });
});

describe('a tab older than the release', () => {
  it('has its parts, whichever worker runs, though the server has them no longer', async () => {
    await shellOf(deploy('one', 'index-1.js', 'me-1.js')).install();
    const second = shellOf(deploy('two', 'index-2.js', 'me-2.js'));
    await second.install();
    await second.clean();
    expect(await (await partOf(second, '/assets/me-1.js')).text()).toBe('me-1.js');
    expect(await (await second.page(ask('/me'))).text()).toBe('page two');
  });

  it('gets a 404 for what is nowhere any more, also where a page is answered, and nothing of it is kept', async () => {
    const shell = shellOf(deploy('two', 'index-2.js'));
    await shell.install();
    expect((await partOf(shell, '/assets/old-0.js')).status).toBe(404);
    server['/assets/old-0.js'] = () => file('a.html', '<p>Sign in</p>');
    expect((await partOf(shell, '/assets/old-0.js')).status).toBe(404);
    expect(await held.match('/assets/old-0.js')).toBe(undefined);
    // Of another build: this one is as whole as before.
    expect(await current()).toBe('two');
  });
});

it('the newest two builds before stay, older ones go', async () => {
  for (const id of ['one', 'two', 'three', 'four']) {
    const shell = shellOf(deploy(id, `index-${id}.js`));
    await shell.install();
    await shell.clean();
  }
  const builds = [...held.all.keys()].filter((name) => name.startsWith('porchlight.app.'));
  expect(builds).toEqual(['porchlight.app.two', 'porchlight.app.three', 'porchlight.app.four']);
});

it('a file that the browser threw away comes from the server; where that has gone on, so does the next page', async () => {
  const shell = shellOf(deploy('one', 'index-1.js'));
  await shell.install();
  held.all.get('porchlight.app.one')!.delete('/assets/index-1.js');
  expect((await partOf(shell, '/assets/index-1.js')).status).toBe(200);
  expect(await held.match('/assets/index-1.js')).toBeDefined();

  held.all.get('porchlight.app.one')!.delete('/assets/index-1.js');
  deploy('two', 'index-2.js');
  server['/me'] = () => file('a.html', 'page two');
  expect((await partOf(shell, '/assets/index-1.js')).status).toBe(404);
  expect(await (await shell.page(ask('/me'))).text()).toBe('page two');
});

it('another answer than the file is no release: the build stays, and the page starts without a connection', async () => {
  const shell = shellOf(deploy('one', 'index-1.js'));
  await shell.install();
  held.all.get('porchlight.app.one')!.delete('/assets/index-1.js');
  for (const wrong of [file('a.html', '<p>Sign in</p>'), file('a.js', '', 502), file('a.js', '', 503)]) {
    server['/assets/index-1.js'] = () => wrong;
    expect((await partOf(shell, '/assets/index-1.js')).ok).toBe(false);
    expect(await current()).toBe('one');
  }
});

it('what was given up is whole again with the next page, of which only what is missing is fetched', async () => {
  const shell = shellOf(deploy('one', 'index-1.js', 'me-1.js'));
  await shell.install();
  expect(await shell.restore(), 'nothing to do').toBe(false);
  held.all.get('porchlight.app.one')!.delete('/assets/me-1.js');
  const there = server['/assets/me-1.js']!;
  delete server['/assets/me-1.js'];
  await partOf(shell, '/assets/me-1.js');
  await expect(shell.restore(), 'still gone').rejects.toThrow('/assets/me-1.js');
  expect(await current()).toBe(null);
  server['/assets/me-1.js'] = there;
  asked = [];
  expect(await shell.restore()).toBe(true);
  expect(asked).toEqual(['/assets/me-1.js']);
  expect(await current()).toBe('one');
});

it('what the API answers is no file of the app', () => {
  const shell = shellOf(deploy('one', 'index-1.js'));
  for (const path of ['/api/me', '/api/media/1', '/api/live', '/media/x', '/sw.js'])
    expect(shell.has(path), path).toBe(false);
  expect(shell.has('/assets/whatever.js')).toBe(true);
});
