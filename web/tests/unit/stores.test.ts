import { beforeEach, describe, expect, it } from 'vitest';

import { Inbox } from '../../src/inbox.svelte';
import { router } from '../../src/app/router.svelte';
import type { Row } from '../../src/api/types';
import { forgetEverything } from '../../src/features/outbox/journal';
import { openInbox } from './inbox';
import { mock, network, until } from './setup';

const MARIA = '+12075550188';
let inbox: Inbox;

const row = (contact: string): Row => {
  const found = [...inbox.conversations.known.values()].find((one) => one.contact === contact);
  if (!found) throw new Error(`no conversation with ${contact}`);
  return found;
};
const posts = (id: string) =>
  mock.requests.filter(({ method, path }) => method === 'POST' && path.endsWith(`${id}/messages`));
const held = (id: string) => inbox.sending.outbox.of(id).find(({ state }) => state === 'held');

async function open(contact = MARIA) {
  const { id } = row(contact);
  router.go(`/conversations/${id}`);
  const thread = inbox.threads.open(id);
  await until(() => thread.state === 'ready');
  return { id, thread };
}

beforeEach(async () => {
  inbox?.stop();
  await forgetEverything(mock.world.me('ana@harbor.example').id);
  mock.requests.length = 0;
  inbox = await openInbox();
});

describe('the list', () => {
  it('is sorted by activity, and a new text moves its row to the top with its count', async () => {
    mock.receive('+12075550133', 'Are you there?');
    await until(() => inbox.list.rows[0]?.contact === '+12075550133');
    expect(inbox.list.rows[0]).toMatchObject({ unread: 1, attention: true });
  });

  it('never moves the row under the pointer, and catches up when the pointer leaves', async () => {
    const third = inbox.list.rows[3];
    inbox.list.hold(third?.id ?? '');
    mock.receive(inbox.list.rows[6]?.id, 'Hello');
    await until(() => inbox.list.rows[0]?.last_message?.text === 'Hello');
    expect(inbox.list.rows[3]?.id).toBe(third?.id);
    inbox.list.release();
    expect(inbox.list.rows[4]?.id).toBe(third?.id);
  });

  it('lets what is done leave Attention in the same frame, and brings it back with Undo', async () => {
    inbox.list.show({ ...inbox.list.query, filter: 'attention' });
    await until(() => !inbox.list.stale);
    const tom = row('+12075550119');
    const before = inbox.counts.attention;
    inbox.acts.done(tom);
    expect(inbox.list.rows.some(({ id }) => id === tom.id)).toBe(false);
    expect(inbox.counts.attention).toBe(before - 1);
    await until(() => mock.world.rows.get(tom.id).attention === false);
    inbox.toasts.undo();
    await until(() => mock.world.rows.get(tom.id).attention === true);
    expect(inbox.list.rows.some(({ id }) => id === tom.id)).toBe(true);
  });

  it('puts an emergency on top of Attention', async () => {
    const tom = mock.world.rows.get(row('+12075550119').id);
    mock.change(tom, { attention: true, emergency: true });
    inbox.list.show({ ...inbox.list.query, filter: 'attention' });
    await until(() => !inbox.list.stale && row('+12075550119').emergency);
    expect(inbox.list.rows[0]?.name).toBe('Tom Beck');
  });

  it('drops an older version of a row and keeps the newer one (P8)', () => {
    const now = row(MARIA);
    inbox.conversations.take([{ ...now, version: now.version + 5, name: 'Newer' }]);
    inbox.conversations.take([{ ...now, version: now.version + 4, name: 'Older' }]);
    expect(inbox.conversations.get(now.id)?.name).toBe('Newer');
  });

  it('takes an act back when the server refuses it', async () => {
    const { id } = row(MARIA);
    mock.faults.signedOut = true;
    inbox.acts.close(row(MARIA));
    expect(inbox.conversations.get(id)?.state).toBe('closed');
    await until(() => inbox.conversations.get(id)?.state === 'open');
  });
});

describe('the live feed', () => {
  it('after a cut the screen equals a fresh load (P8)', async () => {
    const { thread } = await open();
    mock.hangUp();
    await until(() => inbox.live.state !== 'open');
    mock.receive(MARIA, 'while you were away');
    mock.receive('+12075550177', 'me too');
    await until(() => inbox.live.state === 'open' && thread.messages.at(-1)?.text === 'while you were away');
    await until(() => inbox.list.rows[0]?.contact === '+12075550177');
    const fresh = new Inbox();
    fresh.welcome(mock.world.me('ana@harbor.example'));
    await fresh.list.load();
    expect(inbox.list.rows.map(({ id, version, unread }) => [id, version, unread])).toEqual(
      fresh.list.rows.map(({ id, version, unread }) => [id, version, unread]),
    );
  });

  it('applies every event once, in order, however many come in a frame', async () => {
    const { id, thread } = await open();
    const before = thread.messages.length;
    const texts = Array.from({ length: 20 }, (_, i) => `at once ${i}`);
    for (const text of texts) mock.receive(id, text);
    await until(() => thread.messages.length === before + 20);
    expect(thread.messages.slice(before).map(({ text }) => text)).toEqual(texts);
  });
});

describe('sending', () => {
  it('is on the screen in the same frame and becomes the server’s message', async () => {
    const { id, thread } = await open();
    const entry = inbox.sending.send(row(MARIA), 'On my way');
    expect(inbox.sending.outbox.of(id).map(({ text }) => text)).toEqual(['On my way']);
    expect(inbox.list.rows[0]?.last_message?.text).toBe('On my way');
    await until(
      () =>
        inbox.sending.outbox.of(id).length === 0 &&
        thread.messages.some((message) => message.id === entry.id && message.status === 'delivered'),
    );
  });

  it('repeats a lost answer under the same id: one message (P9)', async () => {
    const { id, thread } = await open();
    mock.faults.lost = 1;
    const entry = inbox.sending.send(row(MARIA), 'Only once');
    await until(() => thread.messages.some((message) => message.id === entry.id));
    await until(() => inbox.sending.outbox.of(id).length === 0);
    expect(
      mock.world.timelines.get(id).filter(({ text }: { text: string }) => text === 'Only once'),
    ).toHaveLength(1);
    expect(new Set(posts(id).map(({ body }) => body.id))).toEqual(new Set([entry.id]));
  });

  it('keeps the order of quick sends while the line is bad', async () => {
    const { id, thread } = await open();
    mock.faults.down = 2;
    for (const text of ['one', 'two', 'three']) inbox.sending.send(row(MARIA), text);
    await until(() => inbox.sending.outbox.of(id).length === 0);
    expect(thread.messages.slice(-3).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });

  it('asks when a colleague was faster, and sends the same id when told to', async () => {
    const { id, thread } = await open();
    mock.hangUp();
    const before = row(MARIA);
    const author = { id: mock.world.staff[1].id, name: 'Ben Carter' };
    const seen = thread.seen;
    mock.append(mock.world.rows.get(id), {
      direction: 'out',
      kind: 'staff',
      text: 'Ben was faster',
      status: 'sent',
      author,
    });
    const entry = inbox.sending.outbox.send(
      { conversation: before.id, text: 'Mine too', seen, resendOf: null, parcel: null },
      Date.now(),
    );
    await until(() => held(id));
    expect(held(id)?.held).toMatchObject({ why: 'stale', by: 'Ben Carter' });
    inbox.sending.outbox.force(entry.id);
    await until(() => inbox.sending.outbox.of(id).length === 0);
    expect(mock.world.timelines.get(id).at(-1)).toMatchObject({ id: entry.id, text: 'Mine too' });
  });

  it('gives the text back and closes the box when the customer opted out meanwhile', async () => {
    const { id, thread } = await open('+12075550133');
    const draft = inbox.sending.draft(id);
    Object.assign(mock.world.rows.get(id), {
      consent: 'closed',
      version: mock.world.rows.get(id).version + 1,
    });
    inbox.sending.send(row('+12075550133'), 'Too late');
    await until(() => draft.text === 'Too late' && thread.details?.can_send.allowed === false);
    expect(inbox.sending.outbox.of(id)).toEqual([]);
  });

  it('survives a reload: what had no answer is sent again under its id', async () => {
    const { id } = await open();
    network.on = false;
    const entry = inbox.sending.send(row(MARIA), 'From the last page');
    await until(() => inbox.sending.outbox.of(id)[0]?.state === 'retrying');
    inbox.stop();
    network.on = true;
    inbox = new Inbox();
    inbox.start();
    inbox.welcome(mock.world.me('ana@harbor.example'));
    await until(() =>
      mock.world.timelines.get(id).some((message: { id: string }) => message.id === entry.id),
    );
  });

  it('waits for its writer when the session has ended, and goes after signing in', async () => {
    const { id } = await open();
    mock.faults.signedOut = true;
    inbox.sending.send(row(MARIA), 'After signing in');
    await until(() => inbox.sending.outbox.of(id)[0]?.failure?.status === 401);
    mock.faults.signedOut = false;
    inbox.resume();
    await until(() => inbox.sending.outbox.of(id).length === 0);
    expect(mock.world.timelines.get(id).at(-1).text).toBe('After signing in');
  });
});

describe('drafts', () => {
  it('are on the server a moment after the keystroke, and there again on another device', async () => {
    const { id } = await open();
    inbox.sending.draft(id).write('Half a sent');
    await until(() => inbox.sending.draft(id).kept === 'server');
    await forgetEverything(mock.world.me('ana@harbor.example').id);
    const other = new Inbox();
    other.welcome(mock.world.me('ana@harbor.example'));
    await until(() => other.sending.draft(id).text === 'Half a sent');
    inbox.sending.draft(id).write('');
    await inbox.sending.draft(id).flush();
  });

  it('stay on this device while the server cannot be reached', async () => {
    const { id } = await open('+12075550146');
    network.on = false;
    inbox.sending.draft(id).write('In a crawl space');
    await inbox.sending.draft(id).flush();
    expect(inbox.sending.draft(id).kept).toBe('here');
    network.on = true;
    const again = new Inbox();
    again.welcome(mock.world.me('ana@harbor.example'));
    await until(
      () => again.sending.draft(id).text === 'In a crawl space' && again.sending.draft(id).kept === 'server',
    );
  });

  it('belong to one person: the next one on this computer does not see them', async () => {
    const { id } = await open();
    inbox.sending.draft(id).write('Ana’s words');
    await inbox.sending.draft(id).flush();
    const ben = new Inbox();
    ben.welcome(mock.world.me('ben@harbor.example'));
    mock.world.drafts.clear();
    const draft = ben.sending.draft(id);
    await until(() => ben.threads.open(id).state === 'ready');
    expect(draft.text).toBe('');
  });
});

describe('a long thread', () => {
  it('loads older pages in front, without holes or doubles', async () => {
    const id = row(MARIA).id;
    const world = mock.world.timelines.get(id);
    const { thread } = await open();
    while (!thread.complete) await thread.loadOlder(3);
    expect(thread.messages.map(({ seq }) => seq)).toEqual(world.map(({ seq }: { seq: number }) => seq));
  });

  it('fills what lies between when an event is missed', async () => {
    const { id, thread } = await open('+12075550117');
    const seen = thread.seen;
    mock.receive(id, 'first');
    mock.receive(id, 'second');
    thread.take([mock.world.timelines.get(id).at(-1)]);
    await until(() => thread.messages.length === seen + 2);
    expect(thread.messages.map(({ seq }) => seq)).toEqual([...Array(seen + 2).keys()].map((i) => i + 1));
  });
});
