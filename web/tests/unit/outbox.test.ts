// The outbox against lines that break, networks that lie, devices without room, and pages that are killed: nothing is lost,
// nothing is doubled, the order stays, and what waits says why (RULES, Offline; P9).
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { fireEvent, screen, within } from '@testing-library/svelte';

import type { Row } from '../../src/api/types';
import { now } from '../../src/app/now.svelte';
import { ulid } from '../../src/app/ulid';
import { forgetEverything } from '../../src/features/outbox/journal';
import { all, find, keep } from '../../src/features/outbox/box';
import { ageOf } from '../../src/features/outbox/deliver';
import type { Unsent } from '../../src/features/outbox/item';
import { stranded } from '../../src/features/unsent/stranded';
import UnsentLine from '../../src/features/unsent/UnsentLine.svelte';
import UnsentPage from '../../src/features/unsent/UnsentPage.svelte';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, network, until } from './setup';

const [MARIA, DEREK] = ['+12075550188', '+12075550111'];
const HOUR = 3_600_000;
let inbox: Inbox;
let ana: string;

const row = (contact: string): Row =>
  [...inbox.conversations.known.values()].find((one) => one.contact === contact) as Row;
const idOf = (contact: string): string =>
  [...mock.world.rows.values()].find((one: { contact: string }) => one.contact === contact).id;
const of = (contact: string) => inbox.sending.outbox.of(idOf(contact));
const texts = (contact: string): string[] =>
  mock.world.timelines.get(idOf(contact)).map(({ text }: { text: string }) => text);

type Answer = (
  method: string,
  path: string,
  signal: AbortSignal | null | undefined,
) => Response | Promise<Response> | undefined;
/** Stands between the window and the server. */
function between(answer: Answer) {
  const passed = globalThis.fetch;
  return vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const { pathname } = new URL(String(input), location.origin);
    return (await answer(init?.method ?? 'GET', pathname, init?.signal)) ?? passed(input, init);
  });
}
const html = (status: number) =>
  new Response('<h1>Welcome to Depot Wi-Fi</h1>', { status, headers: { 'content-type': 'text/html' } });
const problem = (status: number, kind: string, more: object = {}) =>
  new Response(JSON.stringify({ type: `urn:porchlight:problem:${kind}`, title: 'Not so', status, ...more }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
const posts = (method: string, path: string) => method === 'POST' && path.endsWith('/messages');

/** What an earlier page left behind. */
async function left(contact: string, text: string, more: Partial<Unsent> = {}): Promise<string> {
  const at = Date.now() - 60_000;
  const unsent: Unsent = {
    id: ulid(at),
    staff: ana,
    conversation: idOf(contact),
    text,
    seen_seq: mock.world.rows.get(idOf(contact)).seq,
    resend_of: null,
    created_at: new Date(at).toISOString(),
    n: at,
    force: false,
    device_at: at,
    clocked: true,
    closed: false,
    late: true,
    ...more,
  };
  await keep(unsent);
  return unsent.id;
}

async function reopen(): Promise<void> {
  inbox.stop();
  inbox = await openInbox();
}

beforeEach(async () => {
  ana = mock.world.me('ana@harbor.example').id;
  mock.world.drafts.clear();
  await forgetEverything(ana);
  inbox = await openInbox();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  inbox.stop();
});

describe('sent is only what our server answered for that id', () => {
  it.each([
    ['a page of the network, with 200', () => html(200)],
    ['a page of the network, with 403', () => html(403)],
    ['a page of the network, with 401', () => html(401)],
    ['another’s JSON', () => Response.json({ id: 'ok' })],
    ['a message of another id', () => Response.json({ id: ulid(), conversation_id: idOf(MARIA) })],
  ])('not %s', async (name, answer) => {
    const words = `Behind ${name}`;
    const calls = between((method, path) => (posts(method, path) ? answer() : undefined));
    inbox.sending.send(row(MARIA), words);
    await until(() => of(MARIA)[0]?.state === 'retrying');
    expect(of(MARIA)[0]?.foreign).toBe(true);
    expect(await find(of(MARIA)[0]!.id)).toMatchObject({ text: words });
    calls.mockRestore();
    inbox.sending.outbox.flush();
    await until(() => of(MARIA).length === 0);
    expect(texts(MARIA).filter((text) => text === words)).toHaveLength(1);
  });

  it('a try ends after 10 s, and the next comes by the app’s own clock', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let tries = 0;
    between((method, path, signal) => {
      if (!posts(method, path)) return undefined;
      tries++;
      return new Promise<Response>((_, reject) =>
        signal?.addEventListener('abort', () => reject(new DOMException('ended', 'AbortError'))),
      );
    });
    // What the browser says of the network proves nothing.
    inbox.live.online = false;
    inbox.sending.send(row(MARIA), 'Into the void');
    await vi.advanceTimersByTimeAsync(9000);
    expect([tries, of(MARIA)[0]?.state]).toEqual([1, 'sending']);
    await vi.advanceTimersByTimeAsync(1500);
    expect(of(MARIA)[0]?.state).toBe('retrying');
    vi.useRealTimers();
    vi.restoreAllMocks();
    inbox.sending.outbox.flush();
    await until(() => of(MARIA).length === 0);
  });
});

describe('what an earlier page left', () => {
  const held = async (contact: string) => {
    await reopen();
    await until(() => of(contact)[0]?.state === 'held');
    return of(contact)[0]!.held!.why;
  };
  const set = (contact: string, facts: object) => {
    const one = mock.world.rows.get(idOf(contact));
    const before = Object.fromEntries(Object.keys(facts).map((name) => [name, one[name]]));
    Object.assign(one, facts);
    return () => Object.assign(one, before);
  };

  it('goes by itself, in its order', async () => {
    await left(MARIA, 'first', { n: 1 });
    await left(MARIA, 'second', { n: 2 });
    await reopen();
    await until(() => texts(MARIA).at(-1) === 'second');
    expect(texts(MARIA).at(-2)).toBe('first');
  });

  it('is held when its thread was closed meanwhile, and goes when told to', async () => {
    const undo = set(MARIA, { state: 'closed' });
    await left(MARIA, 'Still there?');
    expect(await held(MARIA)).toBe('closed');
    inbox.sending.outbox.force(of(MARIA)[0]!.id);
    await until(() => texts(MARIA).at(-1) === 'Still there?');
    undo();
  });

  it('is held when they opted out, and no force passes it', async () => {
    const undo = set(DEREK, { consent: 'closed' });
    await left(DEREK, 'One more thing');
    expect(await held(DEREK)).toBe('opted-out');
    inbox.sending.outbox.force(of(DEREK)[0]!.id);
    await until(() => of(DEREK)[0]?.state === 'held');
    expect(texts(DEREK)).not.toContain('One more thing');
    undo();
    inbox.sending.outbox.withdraw(of(DEREK)[0]!);
  });

  it('is held when a colleague replied, whatever the order of contact', async () => {
    const seen_seq = mock.world.rows.get(idOf(MARIA)).seq;
    const author = { id: mock.world.staff[1].id, name: 'Ben Carter' };
    const said = { direction: 'out', kind: 'staff', text: 'Ben here', status: 'sent', author };
    mock.append(mock.world.rows.get(idOf(MARIA)), said);
    await left(MARIA, 'Me too', { seen_seq });
    expect(await held(MARIA)).toBe('stale');
    inbox.sending.discard(of(MARIA)[0]!);
    await until(async () => (await all(ana)).length === 0);
  });

  it('is held when access is gone, keeps its words, and other threads go on', async () => {
    await left(MARIA, 'For the old crew', { n: 1 });
    await left(MARIA, 'And after it', { n: 2 });
    await left(DEREK, 'For mine');
    const mine = idOf(MARIA);
    between((_, path) => (path === `/api/conversations/${mine}` ? problem(404, 'not-found') : undefined));
    expect(await held(MARIA)).toBe('gone');
    await until(() => texts(DEREK).at(-1) === 'For mine');
    expect(of(MARIA).map(({ text, state }) => [text, state])).toEqual([
      ['For the old crew', 'held'],
      ['And after it', 'sending'],
    ]);
    // Their writer finds both, whatever is open.
    drawIn(inbox, UnsentLine, { n: stranded(inbox.sending.outbox.entries).length });
    screen.getByText('2 messages could not be sent.');
    const writeText = vi.fn(() => Promise.resolve());
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
    drawIn(inbox, UnsentPage, {});
    const [first, second] = screen.getAllByRole('listitem').map((item) => within(item));
    first!.getByText(/Its conversation is no longer yours/);
    second!.getByText('It waits behind the one before it.');
    await fireEvent.click(first!.getByRole('button', { name: 'Copy text' }));
    expect(writeText).toHaveBeenCalledWith('For the old crew');
    await first!.findByText('Copied');
    // Thrown away, it holds nothing any more. There is no way back, so it is asked about.
    vi.restoreAllMocks();
    await fireEvent.click(first!.getByRole('button', { name: 'Discard' }));
    expect(of(MARIA)).toHaveLength(2);
    const dialog = screen.getByRole('dialog', { name: 'Discard this message?' });
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Discard' }));
    // What waited behind it is asked about, too; once the conversation is theirs again, it can go.
    await until(() => of(MARIA).length === 1);
    expect(of(MARIA)[0]?.held?.why).toBe('gone');
    expect(texts(MARIA).at(-1)).not.toBe('And after it');
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await until(() => texts(MARIA).at(-1) === 'And after it');
  });

  it('is listed with its words where it waited for its writer when access went', async () => {
    await left(MARIA, 'Too old by now', {
      device_at: Date.now() - 5 * HOUR,
      created_at: new Date(Date.now() - 5 * HOUR).toISOString(),
    });
    expect(await held(MARIA)).toBe('old');
    mock.emit('conversation.removed', { id: idOf(MARIA) });
    await until(() => of(MARIA)[0]?.held?.why === 'gone');
    expect(stranded(inbox.sending.outbox.entries)).toHaveLength(1);
    expect((await all(ana))[0]?.stuck?.held?.why, 'kept so on the device').toBe('gone');
  });

  it('is listed at the next start, too, where access went meanwhile', async () => {
    const stuck = { held: { why: 'old' as const }, status: 0, problem: {} };
    await left(MARIA, 'Too old by now', { stuck });
    const mine = idOf(MARIA);
    between((_, path) => (path === `/api/conversations/${mine}` ? problem(404, 'not-found') : undefined));
    await reopen();
    await until(() => of(MARIA)[0]?.held?.why === 'gone');
  });

  it('is held when its job became another’s, and goes without it when told to', async () => {
    const bodies: Record<string, unknown>[] = [];
    const passed = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
      if (!posts(init?.method ?? 'GET', new URL(String(input), location.origin).pathname))
        return passed(input, init);
      const body = JSON.parse(String(init?.body)) as Record<string, unknown>;
      bodies.push(body);
      return body['job_id'] ? Promise.resolve(problem(422, 'unknown-job')) : passed(input, init);
    });
    const id = await left(MARIA, 'On my way', { job_id: '01JJOB' });
    expect(await held(MARIA)).toBe('job');
    inbox.sending.outbox.force(id);
    await until(() => of(MARIA).length === 0);
    expect(texts(MARIA).at(-1)).toBe('On my way');
    expect(bodies.map((body) => [body['id'], body['job_id'], body['force']])).toEqual([
      [id, '01JJOB', undefined],
      [id, undefined, undefined],
    ]);
  });

  it('is held when it is older than 4 h', async () => {
    await left(MARIA, 'See you at noon', { created_at: new Date(Date.now() - 5 * HOUR).toISOString() });
    expect(await held(MARIA)).toBe('old');
    inbox.sending.discard(of(MARIA)[0]!);
  });

  it('that the server has already, by an answer that was lost, is no question', async () => {
    const id = await left(MARIA, 'Came through', {
      created_at: new Date(Date.now() - 5 * HOUR).toISOString(),
    });
    const path = `/api/conversations/${idOf(MARIA)}/messages`;
    await fetch(path, {
      method: 'POST',
      body: JSON.stringify({ id, text: 'Came through', seen_seq: 4_000_000_000 }),
    });
    await reopen();
    await until(async () => (await all(ana)).length === 0);
    expect(texts(MARIA).filter((text) => text === 'Came through')).toHaveLength(1);
  });

  it('of somebody else waits for them, unseen', async () => {
    const ben = mock.world.staff[1].id;
    const id = await left(MARIA, 'Ben’s own words', { staff: ben });
    await reopen();
    inbox.sending.outbox.flush();
    expect(of(MARIA)).toEqual([]);
    await forgetEverything(ana);
    expect(await find(id)).toMatchObject({ text: 'Ben’s own words' });
    await forgetEverything(ben);
  });

  it('goes in nobody else’s name when the cookie has become another’s', async () => {
    await left(MARIA, 'From Ana');
    const posted = between((_, path) => (path === '/api/me' ? Response.json({ id: 'ben' }) : undefined));
    await reopen();
    await until(() => of(MARIA)[0]?.failure?.status === 401);
    expect(posted.mock.calls.filter(([, init]) => init?.method === 'POST')).toEqual([]);
    expect(await all(ana)).toHaveLength(1);
    posted.mockRestore();
    inbox.resume();
    await until(() => texts(MARIA).at(-1) === 'From Ana');
  });
});

describe('an age is told by the server’s clock', () => {
  const written = Date.parse('2026-03-02T08:00:00Z');
  const DAY = 24 * HOUR;
  const unsent = (more: Partial<Unsent>) =>
    ({ created_at: new Date(written).toISOString(), device_at: written, clocked: true, ...more }) as Unsent;

  it.each([
    ['a right clock', { device_at: written }, written + HOUR],
    ['a clock a day ahead', { device_at: written + DAY }, written + DAY + HOUR],
    ['a clock a day behind, put right since', { device_at: written - DAY }, written + HOUR],
    [
      'a clock a day ahead, and the server’s was not known',
      { created_at: new Date(written + DAY).toISOString(), device_at: written + DAY, clocked: false },
      written + DAY + HOUR,
    ],
  ])('%s', (_, more, device) => {
    expect(ageOf(unsent(more), written + HOUR, device)).toBe(HOUR);
  });

  it('and the last page’s knowledge of it is kept', () => {
    now.follow(new Date(Date.now() + DAY).toISOString());
    inbox.sending.outbox.flush();
    expect(Math.round(Number(localStorage.getItem('porchlight.clock')) / DAY)).toBe(1);
    now.follow(new Date().toISOString());
    inbox.sending.outbox.flush();
    expect(localStorage.getItem('porchlight.clock')).toBe('0');
  });
});

describe('a device that keeps nothing', () => {
  const noDatabase = () =>
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });

  it('in its database still has what was written, after a reload', async () => {
    noDatabase();
    network.on = false;
    inbox.sending.send(row(MARIA), 'In a private window');
    await until(() => of(MARIA)[0]?.state === 'retrying');
    inbox.stop();
    network.on = true;
    inbox = await openInbox();
    await until(() => texts(MARIA).at(-1) === 'In a private window');
    await until(() => !Object.keys(localStorage).some((key) => key.startsWith('porchlight.unsent.')));
  });

  it('at all sends while there is a line, and else tries on under the same id and says to stay', async () => {
    noDatabase();
    const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    inbox.sending.send(row(MARIA), 'With a line');
    await until(() => texts(MARIA).at(-1) === 'With a line');
    network.on = false;
    const { id } = inbox.sending.send(row(MARIA), 'Without');
    await until(() => /Keep this page open/.test(inbox.toasts.shown.at(-1)?.text ?? ''));
    expect(of(MARIA).map((entry) => [entry.id, entry.state])).toEqual([[id, 'retrying']]);
    expect(inbox.sending.draft(idOf(MARIA)).text).toBe('');
    network.on = true;
    await until(() => {
      inbox.sending.outbox.flush();
      return of(MARIA).length === 0;
    });
    expect(mock.world.timelines.get(idOf(MARIA)).at(-1)).toMatchObject({ id, text: 'Without' });
    full.mockRestore();
  });
});

/** One at a time, over all that share it; as the browser's, as far as the outbox asks. */
class Locks {
  readonly #last = new Map<string, Promise<unknown>>();
  request(name: string, _: unknown, act: (lock: object) => Promise<unknown>): Promise<unknown> {
    const mine = (this.#last.get(name) ?? Promise.resolve()).then(() => act({}));
    this.#last.set(
      name,
      mine.catch(() => undefined),
    );
    return mine;
  }
}

describe('two tabs', () => {
  beforeEach(() => {
    Object.defineProperty(navigator, 'locks', { value: new Locks(), configurable: true });
  });
  afterEach(() => {
    delete (navigator as { locks?: unknown }).locks;
  });

  it('show the same that waits, and what one gives back is gone in the other', async () => {
    const other = await openInbox();
    network.on = false;
    const { id } = inbox.sending.send(row(MARIA), 'Seen in both');
    await until(() => other.sending.outbox.find(id)?.text === 'Seen in both');
    other.sending.withdraw(other.sending.outbox.find(id)!);
    await until(() => !inbox.sending.outbox.find(id));
    network.on = true;
    inbox.sending.outbox.flush();
    expect(await all(ana)).toEqual([]);
    other.sending.draft(idOf(MARIA)).write('');
    await other.sending.draft(idOf(MARIA)).flush();
    other.stop();
  });

  it('50 random cuts, kills and reconnects: nothing lost, nothing doubled, order kept (P4, P9)', async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    const chance = randomly(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)]!;
    const threads = [MARIA, DEREK];
    const before = new Map(threads.map((one) => [one, texts(one).length]));
    const written = new Map<string, string[]>(threads.map((one) => [one, []]));
    const tabs = [inbox, await openInbox()];
    let line: 'good' | 'cut' | 'bad' = 'good';
    const faults = between((method, path) => {
      if (line === 'cut') throw new TypeError('Failed to fetch');
      if (line === 'good' || path === '/api/live') return undefined;
      const fault = pick(['none', 'none', 'before', 'after', 'portal', 'down']);
      if (fault === 'before') throw new TypeError('Failed to fetch');
      if (fault === 'portal') return html(200);
      if (fault === 'down') return problem(503, 'unavailable');
      if (fault === 'after' && posts(method, path)) mock.faults.lost = 1;
      return undefined;
    });
    for (let step = 0; step < 50; step++) {
      const at = Math.floor(chance() * tabs.length);
      const act = pick(['write', 'write', 'write', 'cut', 'bad', 'good', 'kill', 'flush']);
      if (act === 'cut' || act === 'bad' || act === 'good') line = act;
      if (act === 'flush') tabs[at]!.sending.outbox.flush();
      if (act === 'write') {
        const to = pick(threads);
        const text = `${step} of ${seed}`;
        written.get(to)!.push(text);
        const { id } = tabs[at]!.sending.send(row(to), text);
        // Nobody writes in two tabs in one instant.
        await until(async () => (await find(id)) || !tabs[at]!.sending.outbox.find(id));
        await until(() => tabs.every((tab) => tab.sending.outbox.find(id) || texts(to).includes(text)));
      }
      if (act === 'kill') {
        tabs[at]!.stop();
        line = 'good';
        tabs[at] = await openInbox();
      }
    }
    line = 'good';
    mock.faults.lost = 0;
    await until(async () => {
      for (const tab of tabs) tab.sending.outbox.flush();
      return (await all(ana)).length === 0 && tabs.every((tab) => tab.sending.outbox.entries.length === 0);
    });
    for (const to of threads)
      expect(texts(to).slice(before.get(to)), `SEED=${seed}`).toEqual(written.get(to));
    faults.mockRestore();
    for (const tab of tabs) tab.stop();
    inbox = tabs[0]!;
  });
});

function randomly(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
