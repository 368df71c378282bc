// One thread: nothing is lost while pages are on their way, and a message that is asked for is there or is told of.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Message, Row } from '../../src/api/types';
import type { Inbox } from '../../src/inbox.svelte';
import { forgetOthers } from '../../src/features/offline/store';
import ThreadPane from '../../src/features/thread/ThreadPane.svelte';
import type { Thread } from '../../src/features/thread/thread.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, network, until } from './setup';

const JOY = '+12075550133';
let inbox: Inbox;
let id: string;
let thread: Thread;
let short: Message[];

/** The id of an old message, by its place. */
const old = (seq: number) => String(seq).padStart(26, '0');

const pages = () =>
  mock.requests.filter(({ method, path }) => method === 'GET' && path.endsWith(`${id}/messages`)).length;

/** A thread with so many messages before what it has. */
function grow(count: number): void {
  const timeline: Message[] = mock.world.timelines.get(id);
  const last = timeline.at(-1) as Message;
  const before = Array.from({ length: count }, (_, n) => ({ ...last, id: old(n + 1), seq: n + 1 }));
  timeline.forEach((message, n) => (message.seq = count + n + 1));
  timeline.unshift(...before);
  mock.world.rows.get(id).seq = timeline.length;
}

beforeEach(async () => {
  inbox = await openInbox();
  id = ([...inbox.conversations.known.values()].find(({ contact }) => contact === JOY) as Row).id;
  short = structuredClone(mock.world.timelines.get(id));
  mock.requests.length = 0;
  thread = inbox.threads.open(id);
  await thread.load();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await inbox.keeping?.settled();
  inbox.stop();
  // What a device has kept it asks for anew: the next test's has kept nothing.
  await forgetOthers('');
  mock.world.timelines.set(id, short);
  mock.world.rows.get(id).seq = short.length;
});

it('what comes while it is loaded anew is not lost with the pages that were asked for before', async () => {
  const passed = globalThis.fetch;
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let answered = false;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const response = await passed(input, init);
    if (!new URL(String(input)).pathname.endsWith(`${id}/messages`)) return response;
    answered = true;
    await held;
    return response;
  });
  const reloaded = thread.reload();
  await until(() => answered);
  mock.receive(id, 'While you were loading');
  await until(() => thread.messages.at(-1)?.text === 'While you were loading');
  release();
  await reloaded;
  expect(thread.messages.at(-1)?.text).toBe('While you were loading');
});

it('is asked for once, however many want it', async () => {
  await Promise.all([thread.load(), inbox.threads.open(id).load()]);
  inbox.sending.draft(id);
  await thread.load();
  expect(pages()).toBe(1);
});

describe('a message that is asked for', () => {
  it('is loaded back to, by its id and by its place, also while older pages come', async () => {
    grow(700);
    await thread.reload();
    const older = thread.loadOlder();
    expect(await thread.reach({ id: old(3) })).toMatchObject({ id: old(3) });
    await older;
    expect(isWhole()).toBe(true);
    expect(await thread.reach({ seq: 350 })).toMatchObject({ id: old(350) });
    expect(isWhole()).toBe(true);
  });

  it('is reached in one request however far it is, and what is newer comes after it, live too', async () => {
    grow(6000);
    await thread.reload();
    const before = pages();
    expect(await thread.reach({ seq: 5 })).toMatchObject({ id: old(5) });
    expect([pages() - before, thread.detached]).toEqual([1, true]);
    mock.receive(id, 'Meanwhile');
    await until(() => mock.world.rows.get(id).seq === mock.world.timelines.get(id).length);
    expect(isWhole()).toBe(true);
    await thread.loadNewer();
    expect(isWhole()).toBe(true);
    await thread.toNewest();
    await until(() => thread.messages.at(-1)?.text === 'Meanwhile');
    expect([thread.detached, isWhole()]).toEqual([false, true]);
  });

  it('is followed to the end also where the last messages are none of its reader’s to see', async () => {
    grow(6000);
    await thread.reload();
    await thread.reach({ seq: 300 });
    const passed = globalThis.fetch;
    const places = [2000, null];
    vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
      if (!new URL(String(input)).searchParams.has('after')) return passed(input, init);
      const page = { messages: [], next_before: null, next_after: places.shift(), target_seq: null };
      const headers = { 'content-type': 'application/json' };
      return Promise.resolve(new Response(JSON.stringify(page), { headers }));
    });
    const { before } = thread;
    await thread.loadNewer();
    expect([thread.before, thread.after]).toEqual([before, 2000]);
    await thread.loadNewer();
    expect([thread.before, thread.detached, thread.complete]).toEqual([before, false, false]);
  });

  it('has older ones that are asked for, whatever did not load of another part', async () => {
    grow(6000);
    await thread.reload();
    network.on = false;
    await thread.loadOlder();
    expect(thread.older).toBe('failed');
    network.on = true;
    await thread.reach({ seq: 300 });
    expect(thread.older).toBe('idle');
  });

  /** Nothing is missing between the first and the last of what is here. */
  const isWhole = () => thread.messages.every(({ seq }, i) => seq === (thread.messages[0]?.seq ?? 0) + i);

  it('may not be there, or may not load', async () => {
    expect(await thread.reach({ id: 'nothing' })).toEqual({ missing: 'none' });
    grow(6000);
    await thread.reload();
    network.on = false;
    expect(await thread.reach({ seq: 5 })).toEqual({ missing: 'failed' });
    network.on = true;
    expect(await thread.reach({ seq: 5 })).toMatchObject({ id: old(5) });
  });

  it.each([['no such message', 'That message is not in this conversation.']])(
    '%s: the reader is told',
    async (message, words) => {
      await thread.reload();
      drawIn(inbox, ThreadPane, { id, message });
      await until(() => inbox.toasts.shown.some(({ text }) => text === words));
    },
  );

  it('the reader is told of one that a search found, too', async () => {
    grow(700);
    await thread.reload();
    network.on = false;
    const found = { conversation_id: id, seq: 2, direction: 'in' as const, text: 'valve' };
    inbox.list.query = { ...inbox.list.query, q: 'valve' };
    inbox.list.matches = new Map([[id, found]]);
    drawIn(inbox, ThreadPane, { id, message: null });
    const words = 'That message did not load. Follow the link again.';
    await until(() => inbox.toasts.shown.some(({ text }) => text === words));
  });
});

it('what waited for its time moves to the end when it goes', () => {
  const [first] = thread.messages as [Message];
  thread.take([{ ...first, version: first.version + 1, seq: thread.newest + 1 }]);
  expect(thread.messages.at(-1)?.id).toBe(first.id);
  expect(thread.messages.filter(({ id: one }) => one === first.id)).toHaveLength(1);
});
