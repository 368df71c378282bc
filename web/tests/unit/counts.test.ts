// The numbers: what the server said, and what acts of ours change until it has counted them.
import { afterEach, beforeEach, expect, it } from 'vitest';

import type { Row } from '../../src/api/types';
import { Counts } from '../../src/features/conversations/counts.svelte';
import type { Inbox } from '../../src/inbox.svelte';
import { openInbox } from './inbox';
import { mock, network, until } from './setup';

const TOM = '+12075550119';
let inbox: Inbox;

const row = (contact: string): Row => {
  const found = [...inbox.conversations.known.values()].find((one) => one.contact === contact);
  if (!found) throw new Error(`no conversation with ${contact}`);
  return found;
};
const shown = ({ total, attention, unread }: Counts) => ({ total, attention, unread });

beforeEach(async () => {
  inbox = await openInbox();
});
afterEach(() => inbox.stop());

it('an act shows at once, and once only when the server has counted it', () => {
  const counts = new Counts();
  counts.take({ total: 9, attention: 5, unread: 7 });
  const done = counts.draw({ attention: -1, unread: 0 });
  const sent = counts.draw({ attention: -1, unread: -3 });
  expect(shown(counts)).toEqual({ total: 9, attention: 3, unread: 4 });
  done(true);
  expect(counts.attention).toBe(3);
  counts.take({ total: 9, attention: 4, unread: 7 });
  expect(shown(counts)).toEqual({ total: 9, attention: 3, unread: 4 });
  sent(true);
  counts.take({ total: 9, attention: 3, unread: 4 });
  expect(shown(counts)).toEqual({ total: 9, attention: 3, unread: 4 });
});

it('a count that comes before the answer to the act that it counts is not counted twice', () => {
  const counts = new Counts();
  counts.take({ total: 9, attention: 5, unread: 13 });
  const [looked, settled] = [
    counts.draw({ attention: 0, unread: -3 }),
    counts.draw({ attention: -1, unread: -2 }),
  ];
  counts.take({ total: 9, attention: 5, unread: 10 });
  expect(shown(counts)).toEqual({ total: 9, attention: 4, unread: 8 });
  counts.take({ total: 9, attention: 4, unread: 8 });
  expect(shown(counts)).toEqual({ total: 9, attention: 4, unread: 8 });
  looked(true);
  settled(true);
  expect(shown(counts)).toEqual({ total: 9, attention: 4, unread: 8 });
});

it('one count may have several acts at once', () => {
  const counts = new Counts();
  counts.take({ total: 9, attention: 5, unread: 7 });
  counts.draw({ attention: -1, unread: 0 })(true);
  const undone = counts.draw({ attention: 1, unread: 0 });
  counts.take({ total: 9, attention: 5, unread: 7 });
  expect(counts.attention).toBe(5);
  undone(true);
  expect(counts.attention).toBe(5);
});

it('a refused act leaves the numbers that came meanwhile as they are', () => {
  const counts = new Counts();
  counts.take({ total: 9, attention: 5, unread: 7 });
  const end = counts.draw({ attention: -1, unread: -2 });
  counts.take({ total: 10, attention: 2, unread: 3 });
  end(false);
  expect(shown(counts)).toEqual({ total: 10, attention: 2, unread: 3 });
});

it('a message that did not leave makes the numbers what they were', async () => {
  const before = shown(inbox.counts);
  const { attention, unread } = row(TOM);
  network.on = false;
  const entry = inbox.sending.send(row(TOM), 'We are on our way');
  expect(inbox.counts.attention).toBe(before.attention - Number(attention));
  expect(inbox.counts.unread).toBe(before.unread - unread);
  inbox.sending.discard(entry);
  await until(() => inbox.counts.attention === before.attention);
  expect(shown(inbox.counts)).toEqual(before);
});

it('an answer held for a colleague’s makes them what they were', async () => {
  const { id } = row(TOM);
  const author = { id: mock.world.staff[1].id, name: 'Ben Carter' };
  inbox.live.stop();
  mock.append(mock.world.rows.get(id), { direction: 'out', kind: 'staff', text: 'Faster', author });
  const before = shown(inbox.counts);
  inbox.sending.send(row(TOM), 'Mine too');
  expect(inbox.counts.attention).toBe(before.attention - 1);
  await until(() => inbox.sending.outbox.of(id)[0]?.state === 'held');
  await until(() => inbox.counts.attention === before.attention);
  expect(shown(inbox.counts)).toEqual(before);
});

it('Done where nobody waits changes nothing, and says so', async () => {
  const waiting = row('+12075550188');
  expect(waiting.attention).toBe(false);
  mock.requests.length = 0;
  inbox.acts.done(waiting);
  expect(inbox.toasts.shown.at(-1)?.text).toBe('Done: nobody waits here');
  expect(inbox.toasts.undoable).toBe(false);
  // Acts on one conversation go one after the other.
  await inbox.acts.read(waiting);
  expect(mock.requests.filter(({ path }) => path.endsWith('/done'))).toEqual([]);
});
