// What one person writes: not lost, not sent twice, not sent in another's name.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { screen } from '@testing-library/svelte';

import type { Row } from '../../src/api/types';
import { keepDraft, localDraft } from '../../src/features/composer/storage';
import { forgetEverything } from '../../src/features/outbox/journal';
import { all as allUnsent, keep as keepUnsent } from '../../src/features/outbox/box';
import type { Unsent } from '../../src/features/outbox/item';
import { Inbox } from '../../src/inbox.svelte';
import { ulid } from '../../src/app/ulid';
import type { Draft } from '../../src/features/composer/draft.svelte';
import { now } from '../../src/app/now.svelte';
import { Session } from '../../src/features/session/session.svelte';
import SignOutDialog from '../../src/features/session/SignOutDialog.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, network, until } from './setup';

const [MARIA, DEREK] = ['+12075550188', '+12075550111'];
let inbox: Inbox;
let ana: string;

const row = (contact: string): Row => {
  const found = [...inbox.conversations.known.values()].find((one) => one.contact === contact);
  if (!found) throw new Error(`no conversation with ${contact}`);
  return found;
};
const entry = (id: string) => inbox.sending.outbox.of(id)[0];
const draftAt = (id: string): string | undefined => mock.world.drafts.get(`${ana}/${id}`)?.text;

/** Stands between the window and the network: gives its own answer, or none and lets the request pass. */
function between(answer: (method: string, path: string) => Promise<Response | undefined>) {
  const passed = globalThis.fetch;
  return vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const { pathname } = new URL(String(input));
    return (await answer(init?.method ?? 'GET', pathname)) ?? passed(input, init);
  });
}

/** Refuses every message. */
const refuse = (status: number, kind: string) =>
  between((method, path) => {
    const problem = { type: `urn:porchlight:problem:${kind}`, title: 'Not so', status };
    const headers = { 'content-type': 'application/problem+json' };
    const refused = method === 'POST' && path.endsWith('/messages');
    return Promise.resolve(refused ? new Response(JSON.stringify(problem), { status, headers }) : undefined);
  });

/** The commands that were given, whether or not they arrived. */
const asked = (calls: ReturnType<typeof between>, method: string) =>
  calls.mock.calls.filter(([, init]) => init?.method === method);

beforeEach(async () => {
  ana = mock.world.me('ana@harbor.example').id;
  mock.world.drafts.clear();
  await forgetEverything(ana);
  inbox = await openInbox();
});

afterEach(() => {
  inbox.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('once its writer has gone', () => {
  // No answer comes, so that the outbox tries again and again.
  const unanswered = () => between(() => Promise.reject(new TypeError('Failed to fetch')));

  it.each(['stop', 'pause'] as const)('nothing leaves in a colleague’s name (%s)', async (gone) => {
    const { id } = row(MARIA);
    const calls = unanswered();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    inbox.sending.send(row(MARIA), 'From Ana');
    inbox.sending.draft(id).write('Ana’s words');
    await vi.advanceTimersByTimeAsync(100);
    const commands = () => [asked(calls, 'POST').length, asked(calls, 'PUT').length];
    const before = commands();
    expect(before[0]).toBeGreaterThan(0);
    inbox[gone]();
    if (gone === 'pause') dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(commands()).toEqual(before);
    expect((await allUnsent(ana)).map(({ text }) => text)).toEqual(['From Ana']);
    expect(localDraft(ana, id)).toEqual({ text: 'Ana’s words', kept: false });
  });

  it('it goes when the same person has signed in again', async () => {
    const { id } = row(MARIA);
    inbox.pause();
    inbox.sending.send(row(MARIA), 'After the break');
    inbox.sending.draft(id).write('And more');
    inbox.resume();
    await until(() => mock.world.timelines.get(id).at(-1).text === 'After the break');
    await until(() => draftAt(id) === 'And more' && inbox.sending.draft(id).kept === 'server');
  });
});

describe('signing out', () => {
  it('saves first what could not be saved before, also what was written on an earlier page', async () => {
    const [maria, derek] = [row(MARIA).id, row(DEREK).id];
    keepDraft(ana, derek, { text: 'Before the crash', kept: false });
    network.on = false;
    const draft = inbox.sending.draft(maria);
    draft.write('In the cellar');
    await draft.flush();
    expect(draft.kept).toBe('here');
    network.on = true;
    expect(await inbox.sending.unsaved()).toEqual([]);
    expect([draftAt(maria), draftAt(derek)]).toEqual(['In the cellar', 'Before the crash']);
  });

  it('tells a reply and a note of one conversation apart, both unsaved', async () => {
    const session = new Session(() => new Inbox());
    await session.begin();
    const mine = session.inbox as Inbox;
    await until(() => mine.list.state === 'ready');
    network.on = false;
    for (const kind of ['reply', 'note'] as const)
      mine.sending.draft(row(MARIA).id, kind).write(`The ${kind}`);
    await session.signOut();
    expect(new Set(session.losing.map(({ id }) => id)).size).toBe(2);
    drawIn(mine, SignOutDialog, {}, session);
    screen.getByText('The reply');
    screen.getByText('The note');
    network.on = true;
    await session.leave();
  });

  it('asks before it loses a message that has not left', async () => {
    const session = new Session(() => new Inbox());
    await session.begin();
    const mine = session.inbox as Inbox;
    await until(() => mine.list.state === 'ready');
    const calls = refuse(403, 'forbidden');
    const one = mine.sending.send(row(MARIA), 'Not so fast');
    await until(() => mine.sending.outbox.of(one.conversation)[0]?.state === 'refused');
    const at = now.exact();
    const note = { crew: false, mentions: [] };
    const { id } = row(DEREK);
    mine.sending.outbox.send(
      { conversation: id, text: 'Gate', seen: 1, resendOf: null, parcel: null, note },
      at,
    );
    await session.signOut();
    expect(session.losing).toMatchObject([
      { kind: 'message', text: 'Not so fast', conversation: one.conversation },
      { kind: 'note', text: 'Gate', conversation: id },
    ]);
    drawIn(mine, SignOutDialog, {}, session);
    screen.getByText(/^Only this device has 1 message to a customer and 1 internal note\. Signing out/);
    screen.getByText('To Maria, not sent');
    screen.getByText('Internal note on Derek, not sent');
    expect(asked(calls, 'DELETE')).toHaveLength(0);
    expect(session.state).toBe('in');
    await session.leave();
    expect(session.state).toBe('out');
    expect(await allUnsent(ana)).toEqual([]);
  });

  it('forgets what is one’s own on this device, and nothing of a colleague’s', async () => {
    const [{ id }, ben] = [row(MARIA), 'ben'];
    const unsent = { conversation: id, text: '', seen_seq: 1, created_at: '', n: 1 } as unknown as Unsent;
    for (const staff of [ana, ben]) {
      keepDraft(staff, id, { text: `${staff} writes`, kept: false });
      await keepUnsent({ ...unsent, id: staff, staff, text: `${staff} sends` });
    }
    await forgetEverything(ana);
    expect([localDraft(ana, id), await allUnsent(ana)]).toEqual([null, []]);
    expect(localDraft(ben, id)?.text).toBe('ben writes');
    expect(await allUnsent(ben)).toHaveLength(1);
    await forgetEverything(ben);
  });
});

describe('a draft', () => {
  it('that the server did not take is saved when the server is back', async () => {
    const draft = inbox.sending.draft(row(MARIA).id);
    network.on = false;
    mock.hangUp();
    draft.write('While it restarts');
    await draft.flush();
    expect(draft.kept).toBe('here');
    network.on = true;
    await until(() => draft.kept === 'server');
    expect(draftAt(draft.conversation)).toBe('While it restarts');
  });

  it('that was emptied while the server was away is emptied there too', async () => {
    const draft = inbox.sending.draft(row(MARIA).id);
    draft.write('Old words');
    await draft.flush();
    network.on = false;
    draft.write('');
    await draft.flush();
    network.on = true;
    await inbox.sending.flushDrafts();
    expect(draftAt(draft.conversation)).toBeUndefined();
  });

  it('written while the last message is on its way outlives it: the server drops drafts with each send', async () => {
    const { id } = row(MARIA);
    const draft = inbox.sending.draft(id);
    await until(() => inbox.threads.open(id).state === 'ready');
    let go = () => {};
    const slow = new Promise<undefined>((resolve) => (go = () => resolve(undefined)));
    between((method, path) =>
      method === 'POST' && path.endsWith('/messages') ? slow : Promise.resolve(undefined),
    );
    const sent = inbox.sending.send(row(MARIA), 'First');
    draft.write('Second');
    await draft.flush();
    expect(draftAt(id)).toBe('Second');
    go();
    await until(() => mock.world.timelines.get(id).at(-1).id === sent.id);
    await until(() => draftAt(id) === 'Second' && draft.kept === 'server');
  });
});

describe('a draft that was sent from another device', () => {
  /** The same person, on the phone. */
  function sendElsewhere(id: string, text: string): void {
    mock.world.drafts.delete(`${ana}/${id}`);
    const author = { id: ana, name: 'Ana Ruiz' };
    mock.append(mock.world.rows.get(id), { direction: 'out', kind: 'staff', text, status: 'queued', author });
  }

  it('leaves the box here', async () => {
    const draft = inbox.sending.draft(row(MARIA).id);
    draft.write('Written at the desk');
    await until(() => draft.kept === 'server');
    sendElsewhere(draft.conversation, 'Written at the desk');
    await until(() => draft.text === '' && draft.kept === 'nothing');
    expect(localDraft(ana, draft.conversation)).toBeNull();
  });

  it('stays when it was touched here since', async () => {
    const draft = inbox.sending.draft(row(MARIA).id);
    draft.write('Written at the desk');
    await until(() => draft.kept === 'server');
    const heard = until(() => row(MARIA).last_message?.text === 'Sent from the phone');
    sendElsewhere(draft.conversation, 'Sent from the phone');
    draft.write('Written at the desk, and more');
    await heard;
    await until(() => draft.kept === 'server');
    expect(draft.text).toBe('Written at the desk, and more');
    expect(draftAt(draft.conversation)).toBe('Written at the desk, and more');
  });
});

describe('two windows of one person', () => {
  /** What the same person does elsewhere. */
  const elsewhere = (id: string, method: 'PUT' | 'POST', path: string, body: object) =>
    fetch(`/api/conversations/${id}/${path}`, { method, body: JSON.stringify(body) });
  const keep = (id: string, text: string) => elsewhere(id, 'PUT', 'draft', { text });
  const post = (id: string, text: string) =>
    elsewhere(id, 'POST', 'messages', { id: ulid(Date.now()), text, seen_seq: 4_000_000_000 });

  async function open(): Promise<Draft> {
    const draft = inbox.sending.draft(row(MARIA).id);
    await until(() => inbox.threads.open(draft.conversation).state === 'ready');
    return draft;
  }

  it('show each other what is being written, and the list says so', async () => {
    const draft = await open();
    await keep(draft.conversation, 'From the phone');
    await until(() => draft.text === 'From the phone' && draft.kept === 'server');
    expect(row(MARIA).draft?.text).toBe('From the phone');
    draft.write('From the phone, and the desk');
    await until(() => draftAt(draft.conversation) === 'From the phone, and the desk');
  });

  it('a send elsewhere takes its own words, and leaves those that were typed here', async () => {
    const draft = await open();
    draft.write('About Tuesday, I would');
    await until(() => draft.kept === 'server');
    // The phone goes over them, word by word, and sends.
    await keep(draft.conversation, 'On our way');
    await until(() => draft.kept === 'here');
    expect(draft.text).toBe('About Tuesday, I would');
    await post(draft.conversation, 'On our way');
    await until(() => draftAt(draft.conversation) === 'About Tuesday, I would');
    expect(draft.text).toBe('About Tuesday, I would');
  });

  it('a send here takes its own words, and leaves those of the phone', async () => {
    const draft = await open();
    await keep(draft.conversation, 'Long words of the phone');
    await until(() => draft.text === 'Long words of the phone');
    draft.write('On our way');
    inbox.sending.send(row(MARIA), draft.take());
    expect(draft.text).toBe('Long words of the phone');
    await until(() => inbox.sending.outbox.of(draft.conversation).length === 0);
    expect(draftAt(draft.conversation)).toBe('Long words of the phone');
  });

  it('words that the other one has kept meanwhile are not gone over', async () => {
    const draft = await open();
    draft.write('First here');
    await until(() => draft.kept === 'server');
    mock.world.drafts.set(`${ana}/${draft.conversation}`, {
      text: 'Then there',
      updated_at: new Date().toISOString(),
    });
    draft.write('First here, and on');
    await draft.flush();
    expect(draftAt(draft.conversation)).toBe('Then there');
    expect([draft.text, draft.kept]).toEqual(['First here, and on', 'here']);
    expect(draft.take()).toBe('First here, and on');
    expect(draft.text).toBe('Then there');
  });
});

describe('a message that is refused', () => {
  it('leaves the conversation as it is: nobody has answered', async () => {
    const { id } = row(DEREK);
    expect(row(DEREK).attention).toBe(true);
    refuse(403, 'forbidden');
    inbox.sending.send(row(DEREK), 'May I?');
    expect(row(DEREK).attention).toBe(false);
    await until(() => entry(id)?.state === 'refused');
    expect(row(DEREK)).toMatchObject({ attention: true, last_message: { direction: 'in' } });
  });

  it('waits with its reason, and only an opt-out gives its text back to the box', async () => {
    const { id } = row(DEREK);
    const draft = inbox.sending.draft(id);
    const calls = refuse(409, 'not-resendable');
    inbox.sending.send(row(DEREK), 'Once more', mock.world.timelines.get(id)[0].id);
    await until(() => entry(id)?.state === 'refused');
    expect(draft.text).toBe('');
    calls.mockRestore();
    // What was written later waits behind it, until its writer has decided.
    refuse(409, 'opted-out');
    inbox.sending.send(row(DEREK), 'Hello?');
    expect(inbox.sending.outbox.of(id).map(({ state }) => state)).toEqual(['refused', 'sending']);
    inbox.sending.outbox.withdraw(entry(id)!);
    await until(() => draft.text === 'Hello?');
    expect(inbox.sending.outbox.of(id)).toEqual([]);
    expect(inbox.toasts.shown.at(-1)?.text).toBe('Not sent to Derek: Not so');
  });
});
