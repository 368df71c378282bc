// Answers, live events and the person's own next steps may come in any order: what is shown in the end is the same (P8).
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Row } from '../../src/api/types';
import { Conversations } from '../../src/features/conversations/conversations.svelte';
import { Counts } from '../../src/features/conversations/counts.svelte';
import ThreadPane from '../../src/features/thread/ThreadPane.svelte';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, until } from './setup';

const [TOM, JOY] = ['+12075550119', '+12075550133'];
let inbox: Inbox;
let whole: [string, unknown][];

const row = (contact: string): Row =>
  [...inbox.conversations.known.values()].find((one) => one.contact === contact) as Row;
const shown = (id: string) => inbox.conversations.get(id)?.unread;
const onServer = (id: string) => mock.world.rows.get(id).unread;
const reads = (id: string) => mock.requests.filter(({ path }) => path.endsWith(`${id}/read`)).length;

beforeEach(async () => {
  whole = structuredClone([...mock.world.rows]);
  inbox = await openInbox();
  mock.requests.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  inbox.stop();
  mock.world.rows = new Map(whole);
});

/** Every order of these, each kept in its own order. */
function interleavings<T>(one: T[], other: T[]): T[][] {
  if (one.length === 0 || other.length === 0) return [[...one, ...other]];
  return [
    ...interleavings(one.slice(1), other).map((rest) => [one[0] as T, ...rest]),
    ...interleavings(one, other.slice(1)).map((rest) => [other[0] as T, ...rest]),
  ];
}

describe('a row', () => {
  const base = { id: 'c', version: 7, seq: 3, unread: 0, marked_unread: false } as Row;
  const marked: Row = { ...base, version: 8, unread: 1, marked_unread: true };
  const read: Row = { ...base, version: 9 };

  it('that was marked unread and then read is read, in whichever order answers and events come', () => {
    for (const events of [[marked, read], [read, marked], [marked], [read], []])
      for (const order of interleavings(['mark', 'read'], events.map((_, n) => n).map(String))) {
        const all = new Conversations();
        all.take([base]);
        const ends = {
          mark: all.draw('c', { unread: 1, marked_unread: true }),
          read: all.draw('c', { unread: 0, marked_unread: false }),
        };
        for (const step of order) {
          if (step === 'mark' || step === 'read') {
            all.take([{ mark: marked, read }[step]]);
            ends[step](true);
          } else all.take([events[Number(step)] as Row]);
          expect(all.get('c')?.unread, order.join()).toBe(0);
        }
      }
  });

  it('shows a message of ours from Enter on, whatever else comes before the row that has it', () => {
    const foreign: Row = { ...base, version: 8, assignee: { id: 'b', name: 'Ben' } };
    const sent: Row = { ...foreign, version: 9, seq: 4, last_message: { text: 'Ours', seq: 4 } as never };
    for (const order of interleavings([foreign, sent], ['answer'] as never[])) {
      const all = new Conversations();
      all.take([base]);
      const end = all.draw('c', { last_message: { text: 'Ours', seq: 3 } as never });
      for (const step of order as (Row | 'answer')[]) {
        if (step === 'answer') end(true, 4);
        else all.take([step]);
        expect(all.get('c')?.last_message?.text).toBe('Ours');
      }
      expect(all.get('c')).toEqual(sent);
    }
  });

  it('that left in the same moment in which it changed is gone', async () => {
    const joy = row(JOY);
    vi.spyOn(globalThis, 'requestAnimationFrame').mockReturnValue(0);
    mock.change(mock.world.rows.get(joy.id), { emergency: true });
    mock.emit('conversation.removed', { id: joy.id });
    mock.receive(TOM, 'And then this');
    vi.mocked(requestAnimationFrame).mockRestore();
    mock.receive(TOM, 'And this');
    await until(() => row(TOM).last_message?.text === 'And this');
    expect(inbox.conversations.get(joy.id)).toBeUndefined();
  });
});

it('details that were asked for twice are the later ones, whichever comes first', async () => {
  const { id } = row(JOY);
  const thread = inbox.threads.open(id);
  await thread.load();
  const passed = globalThis.fetch;
  const held: (() => void)[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const response = await passed(input, init);
    if (String(input).endsWith(id)) await new Promise<void>((resolve) => held.push(resolve));
    return response;
  });
  const first = thread.refreshDetails();
  await until(() => held.length === 1);
  mock.change(mock.world.rows.get(id), { consent: 'closed' });
  const second = thread.refreshDetails();
  await until(() => held.length >= 2);
  for (const release of held.slice(1)) release();
  await second;
  held[0]?.();
  await first;
  expect(thread.details?.consent).toBe('closed');
});

it('numbers that a list brings are older than those that were told while it was on its way', () => {
  const counts = new Counts();
  const page = counts.asking();
  counts.take({ total: 9, attention: 4, unread: 2 });
  page({ total: 9, attention: 5, unread: 3 });
  expect(counts.unread).toBe(2);
  counts.asking()({ total: 9, attention: 5, unread: 3 });
  expect(counts.unread).toBe(3);
});

describe('a visit', () => {
  const visit = (id: string) => drawIn(inbox, ThreadPane, { id, message: null });

  it('clears what was marked unread by hand before it, though the answer to the mark is still out', async () => {
    const { id } = row(JOY);
    await inbox.threads.open(id).load();
    const first = visit(id);
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const passed = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const response = await passed(input, init);
      if (String(input).endsWith('/unread')) await held;
      return response;
    });
    inbox.acts.unread(row(JOY));
    await until(() => onServer(id) === 1);
    first.unmount();
    visit(id);
    await until(() => shown(id) === 0);
    answer();
    await until(() => onServer(id) === 0);
    const late = { ...row(JOY), version: row(JOY).version - 1, unread: 1, marked_unread: true };
    inbox.conversations.take([late]);
    expect(shown(id)).toBe(0);
  });

  it('leaves a mark that is put on it meanwhile, here or in another window', async () => {
    const { id } = row(JOY);
    await inbox.threads.open(id).load();
    const first = visit(id);
    inbox.acts.unread(row(JOY));
    await until(() => onServer(id) === 1);
    first.unmount();
    visit(id);
    await until(() => onServer(id) === 0);

    // Told, and answered.
    await until(() => row(JOY).version === mock.world.rows.get(id).version && shown(id) === 0);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    // Their phone marks it.
    inbox.conversations.take([
      { ...row(JOY), version: row(JOY).version + 1, unread: 1, marked_unread: true },
    ]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(reads(id)).toBe(1);
    expect(shown(id)).toBe(1);
  });

  it('a mark in the moment before looking counts is not cleared by it', async () => {
    const { id } = row(TOM);
    await inbox.threads.open(id).load();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    visit(id);
    await vi.advanceTimersByTimeAsync(100);
    inbox.acts.unread(row(TOM));
    await vi.advanceTimersByTimeAsync(5000);
    vi.useRealTimers();
    await until(() => mock.world.rows.get(id).marked_unread);
    expect(reads(id)).toBe(0);
    expect(shown(id)).toBeGreaterThan(0);
  });

  it('is not put off by what else changes about the conversation', async () => {
    const tom = row(TOM);
    await inbox.threads.open(tom.id).load();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    visit(tom.id);
    for (let n = 1; n <= 4; n++) {
      await vi.advanceTimersByTimeAsync(100);
      inbox.conversations.take([{ ...tom, version: tom.version + n }]);
    }
    expect(reads(tom.id)).toBe(1);
  });
});
