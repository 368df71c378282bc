// What stands before the server: it hands on what it is asked, can be out of reach, and can serve a release of its own.
import { createHash } from 'node:crypto';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Page } from '@playwright/test';

import { expect, test as base } from './inbox';

interface Answer {
  status?: number;
  type: string;
  body: string;
}

export const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

export class Front {
  /** Answered here, by path; everything else is the server's. */
  readonly answers = new Map<string, Answer>();
  readonly #behind: string;
  readonly #server: Server;
  #port = 0;

  private constructor(behind: string) {
    this.#behind = behind;
    this.#server = createServer((asked, answer) => this.#answer(asked, answer));
  }

  static async of(behind: string): Promise<Front> {
    const front = new Front(behind);
    await front.start();
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** At the address that it had. */
  async start(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(this.#port, '127.0.0.1', done));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Nobody answers any more, and whoever listens is cut off. */
  async stop(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done));
    this.#server.closeAllConnections();
    await closed;
  }

  async read(path: string): Promise<string> {
    return (await fetch(this.#behind + path)).text();
  }

  /** The same app as another build: its page, and a worker that knows its files. */
  async release(id: string): Promise<void> {
    const [page, worker] = [await this.read('/index.html'), await this.read('/sw.js')];
    const old = /data-build="(\w+)"/.exec(page)![1]!;
    const digest = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
    const next = page.replace(old, id);
    this.answers.set('/index.html', { type: HTML, body: next });
    this.answers.set('/sw.js', {
      type: SCRIPT,
      body: worker.replace(digest(page), digest(next)).replace(old, id),
    });
  }

  /** The form of an upload names the server's address: files come this way, too. */
  async #form(given: IncomingMessage, answer: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of given) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString().replaceAll(this.#behind, this.url);
    answer.writeHead(given.statusCode ?? 502, { 'content-type': given.headers['content-type'] ?? '' });
    answer.end(body);
  }

  #answer(asked: IncomingMessage, answer: ServerResponse): void {
    const ours = this.answers.get(asked.url ?? '');
    if (ours) {
      answer.writeHead(ours.status ?? 200, { 'content-type': ours.type, 'cache-control': 'no-cache' });
      answer.end(ours.body);
      return;
    }
    const { method = 'GET' } = asked;
    // What is changed here has to be plain.
    const headers =
      asked.url === '/api/uploads' ? { ...asked.headers, 'accept-encoding': 'identity' } : asked.headers;
    const on = request(this.#behind + asked.url, { method, headers }, (given) => {
      if (asked.url === '/api/uploads') return void this.#form(given, answer);
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    on.on('error', () => answer.destroy());
    answer.on('close', () => on.destroy());
    asked.pipe(on);
  }
}

export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Windows whose every address is a front's, with the worker. */
export const test = base.extend<{ front: Front }>({
  front: async ({ baseURL }, use) => {
    const front = await Front.of(baseURL!.replace(/\/$/, ''));
    await use(front);
    await front.stop();
  },
  // Every address of a spec is the front's.
  context: async ({ browser, front, watched, wrong }, use) => {
    const context = await browser.newContext({ baseURL: front.url, serviceWorkers: 'allow' });
    await watched(context, wrong);
    await use(context);
    await context.close();
  },
});

/** What this page is of. */
export const buildOf = (page: Page) => page.evaluate(() => document.documentElement.dataset['build']);

/** The build that the device keeps whole. */
export const kept = (page: Page) =>
  page.evaluate(async () => (await (await caches.open('porchlight.current')).match('/build'))?.text());

/** Waits until the app would start here without a connection. */
export async function settle(page: Page): Promise<void> {
  await expect.poll(() => kept(page), { timeout: 60_000 }).toBe(await buildOf(page));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
}
