// An open thread: looking tells the server what has been read, and a refusal is no reason to go on asking.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { Row } from '../../src/api/types';
import type { Inbox } from '../../src/inbox.svelte';
import ThreadPane from '../../src/features/thread/ThreadPane.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, until } from './setup';

const TOM = '+12075550119';
let inbox: Inbox;
let tom: Row;

/** Refuses to hear what has been read; everything else passes. */
function deaf() {
  const passed = globalThis.fetch;
  return vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    if (!new URL(String(input)).pathname.endsWith('/read')) return passed(input, init);
    return Promise.resolve(new Response(null, { status: 403 }));
  });
}
const told = (calls: ReturnType<typeof deaf>) =>
  calls.mock.calls.filter(([input]) => String(input).endsWith('/read')).length;

beforeEach(async () => {
  inbox = await openInbox();
  tom = [...inbox.conversations.known.values()].find(({ contact }) => contact === TOM) as Row;
  await inbox.threads.open(tom.id).load();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  inbox.stop();
});

it('what the server refuses to hear is said once, and again with news', async () => {
  const calls = deaf();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  drawIn(inbox, ThreadPane, { id: tom.id, message: null });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told(calls)).toBe(1);
  expect(inbox.conversations.get(tom.id)?.unread).toBe(tom.unread);

  inbox.conversations.take([{ ...tom, version: tom.version + 1, unread: tom.unread + 1 }]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told(calls)).toBe(2);

  inbox.live.opened++;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told(calls)).toBe(3);
});

it('what it heard is not said again', async () => {
  expect(tom.unread).toBeGreaterThan(0);
  drawIn(inbox, ThreadPane, { id: tom.id, message: null });
  await until(() => mock.world.rows.get(tom.id).unread === 0);
  await until(() => inbox.conversations.get(tom.id)?.unread === 0);
  expect(mock.requests.filter(({ path }) => path === `/api/conversations/${tom.id}/read`)).toHaveLength(1);
});
