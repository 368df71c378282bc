// Reading without a connection: what was read is there again, as of when it was heard, and goes with the access.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { preferences } from '../../src/app/preferences.svelte';
import { forgetEverything } from '../../src/features/outbox/journal';
import { Failure } from '../../src/api/failure';
import { kept } from '../../src/features/offline/kept.svelte';
import { keptMe } from '../../src/features/offline/start';
import {
  changeThread,
  forgetOthers,
  jobsOf,
  keepPicture,
  pictureOf,
  prune,
  threadOf,
  threadsOf,
} from '../../src/features/offline/store';
import { Session } from '../../src/features/session/session.svelte';
import { Inbox } from '../../src/inbox.svelte';
import { openInbox } from './inbox';
import { mock, network, until } from './setup';

const [MARIA, DEREK] = ['+12075550188', '+12075550111'];
const DAY = 86_400_000;
let inbox: Inbox;
let ana: string;

const idOf = (contact: string): string =>
  [...mock.world.rows.values()].find((one: { contact: string }) => one.contact === contact).id;
const session = new Session(() => new Inbox());

/** Reads the list and Maria's thread, and leaves. */
async function read(): Promise<void> {
  inbox = await openInbox();
  await until(() => inbox.keeping);
  await until(() => inbox.threads.open(idOf(MARIA)).state === 'ready');
  await until(async () => {
    await inbox.keeping!.settled();
    return (await threadOf(ana, idOf(MARIA)))?.messages.length;
  });
  await until(() => keptMe(ana));
}

beforeEach(async () => {
  ana = mock.world.me('ana@harbor.example').id;
  await forgetEverything(ana);
  preferences.person = ana;
});
afterEach(async () => {
  network.on = true;
  inbox?.stop();
  session.inbox?.stop();
  await forgetEverything(ana);
});

it('a start without an answer shows the list and what was read, as of then; back on the line all is as it is now', async () => {
  await read();
  const shown = inbox.list.rows.map(({ id }) => id);
  const said = inbox.threads.open(idOf(MARIA)).messages.map(({ text }) => text);
  inbox.stop();

  network.on = false;
  await session.begin();
  const again = session.inbox!;
  expect([session.state, again.viewer.me?.id]).toEqual(['in', ana]);
  await until(() => again.list.asOf);
  expect(again.list.asOf).toMatch(/^Offline – as of \d/);
  expect(again.list.rows.map(({ id }) => id)).toEqual(shown);
  expect(again.counts.known).toBe(true);
  const thread = again.threads.open(idOf(MARIA));
  await until(() => thread.state === 'ready');
  expect(thread.messages.map(({ text }) => text)).toEqual(said);
  expect(thread.asOf).toBe(again.list.asOf);

  mock.receive(idOf(MARIA), 'Said meanwhile');
  network.on = true;
  await until(() => again.list.asOf === null && thread.asOf === null && again.live.state === 'open');
  expect(thread.messages.at(-1)?.text).toBe('Said meanwhile');
});

it('what was never read says that it could not be loaded', async () => {
  await read();
  inbox.stop();
  network.on = false;
  await session.begin();
  const thread = session.inbox!.threads.open(idOf(DEREK));
  await until(() => thread.state === 'failed');
  expect(thread.asOf).toBeNull();
});

it('a message that comes to a thread that is not open, and one that is deleted, change what is kept', async () => {
  await read();
  inbox.stop();
  inbox = await openInbox();
  await until(() => inbox.keeping);
  mock.receive(idOf(MARIA), 'While another is open');
  await until(async () => {
    await inbox.keeping!.settled();
    return (await threadOf(ana, idOf(MARIA)))?.messages.at(-1)?.text === 'While another is open';
  });
});

it('what access ended goes at once, with its pictures', async () => {
  await read();
  const id = idOf(MARIA);
  expect(await threadOf(ana, id)).toBeTruthy();
  inbox.conversations.remove(id);
  await inbox.keeping!.settled();
  expect(await threadOf(ana, id)).toBeUndefined();
});

it('what a network says in our server’s place ends nothing', async () => {
  await read();
  const id = idOf(MARIA);
  inbox.stop();
  const passed = globalThis.fetch;
  const portal = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation((input, init) =>
      String(input).includes(`/api/conversations/${id}`)
        ? Promise.resolve(new Response('Sign in to Depot Wi-Fi', { status: 404 }))
        : passed(input, init),
    );
  inbox = await openInbox();
  await until(() => inbox.keeping);
  const thread = inbox.threads.open(id);
  await until(() => thread.asOf);
  await inbox.keeping!.settled();
  expect([thread.state, (await threadOf(ana, id))?.messages.length]).toEqual([
    'ready',
    thread.messages.length,
  ]);
  portal.mockRestore();
  expect(new Failure(404).gone).toBe(false);
  expect(new Failure(404, { type: 'urn:porchlight:problem:not-found' } as object).gone).toBe(true);
});

it('what was deleted while the app was closed is not kept, nor are its pictures', async () => {
  await read();
  const id = idOf(MARIA);
  const url = '/api/media/deleted';
  const passed = globalThis.fetch;
  const pictures = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation((input, init) =>
      String(input).includes('/api/media/')
        ? Promise.resolve(new Response('bytes', { headers: { 'content-type': 'image/jpeg' } }))
        : passed(input, init),
    );
  expect(await keepPicture(ana, id, url)).toBe('there');
  pictures.mockRestore();
  inbox.stop();
  const had = (await threadOf(ana, id))!;
  const message = had.messages.at(-1)!;
  const deleted = mock.world.timelines.get(id).find((one: { id: string }) => one.id === message.id);
  await changeThread(ana, id, (one) => ({
    ...one!,
    messages: [
      ...one!.messages.slice(0, -1),
      { ...message, text: 'Gate code 4711', media: [{ url, kind: 'photo' } as never] },
    ],
  }));
  const row = mock.world.rows.get(id);
  const before = [deleted.text, row.version];
  [deleted.text, row.version] = ['', had.details!.version + 1];
  inbox = await openInbox();
  await until(() => inbox.keeping);
  await until(async () => {
    await inbox.keeping!.settled();
    return (await threadOf(ana, id))?.messages.at(-1)?.text === '';
  });
  await until(async () => (await pictureOf(ana, url)) === null);
  expect(JSON.stringify(await threadsOf(ana))).not.toContain('4711');
  [deleted.text, row.version] = before;
});

it('a picture of a message that was deleted goes with it', async () => {
  await read();
  const id = idOf(MARIA);
  const [gone, stays] = ['/api/media/gone', '/api/media/stays'];
  const passed = globalThis.fetch;
  const pictures = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation((input, init) =>
      String(input).includes('/api/media/')
        ? Promise.resolve(new Response('bytes', { headers: { 'content-type': 'image/jpeg' } }))
        : passed(input, init),
    );
  for (const url of [gone, stays]) expect(await keepPicture(ana, id, url)).toBe('there');
  pictures.mockRestore();
  const change = (at: (url: string) => string | null) =>
    changeThread(ana, id, (had) => ({
      ...had!,
      messages: [gone, stays].map((url) => ({
        ...had!.messages[0]!,
        media: [{ url, kind: 'photo' } as never],
        deleted_at: at(url),
      })),
    }));
  await change(() => null);
  await change((url) => (url === gone ? '2026-11-20T10:00:00Z' : null));
  expect([await pictureOf(ana, gone), (await pictureOf(ana, stays))?.type]).toEqual([null, 'image/jpeg']);
});

it('what nobody has confirmed since the end of the grace period goes, also without a connection', async () => {
  await read();
  inbox.stop();
  const id = idOf(MARIA);
  const had = (await threadOf(ana, id))!;
  await changeThread(ana, id, () => ({ ...had, at: had.at - 15 * DAY }));
  await prune(ana, Date.now());
  expect(await threadOf(ana, id)).toBeUndefined();
  expect((await threadsOf(ana)).length).toBeGreaterThan(0);
});

it('signing out leaves nothing; nor does one person’s reading outlast another’s sign-in', async () => {
  await read();
  inbox.stop();
  await forgetOthers('somebody-else');
  expect([await keptMe(ana), await threadsOf(ana)]).toEqual([null, []]);
  await read();
  inbox.stop();
  await forgetEverything(ana);
  expect([await keptMe(ana), await threadsOf(ana)]).toEqual([null, []]);
});

it('a job is there offline with its threads, says when it could not be, and is had by another try', async () => {
  await kept.open(ana);
  const job = { id: 'JOB', threads: [idOf(MARIA), idOf(DEREK)] };
  network.on = false;
  await kept.keep(job);
  expect(kept.stateOf('JOB')).toMatchObject({ state: 'failed', why: 'line' });
  network.on = true;
  kept.retry('JOB');
  expect(kept.stateOf('JOB')?.state).toBe('coming');
  await until(() => kept.stateOf('JOB')?.state === 'there');
  for (const id of job.threads) expect(await threadOf(ana, id)).toMatchObject({ job: 'JOB' });
  expect(await jobsOf(ana)).toMatchObject([{ id: 'JOB', state: 'there' }]);
  // Tomorrow it is no job of today's.
  await kept.only([]);
  expect([kept.stateOf('JOB'), await jobsOf(ana)]).toEqual([null, []]);
});

it('a technician has today’s and tomorrow’s jobs with them, as the server tells them, whatever page is open', async () => {
  const luis = mock.world.me('luis@harbor.example');
  const number = { label: null, channel: 'sms', cannot_text: false, unread: 0 };
  const jobOf = (id: string, contact: string, status = 'scheduled') => ({
    id,
    number: 1042,
    title: 'Heater leak',
    status,
    day: '2026-11-20',
    current: false,
    starts_at: null,
    ends_at: null,
    ended_at: null,
    customer: { id: '01JD0000000000000000000001', name: 'Maria Delgado' },
    address: null,
    access_notes: null,
    contacts: [contact],
    numbers: [{ ...number, contact, conversation_id: idOf(contact) }],
    crew: [],
    facts: [],
  });
  const [first, second] = ['01JD0000000000000000000042', '01JD0000000000000000000043'];
  const was = mock.workday;
  const asked = () => mock.requests.filter(({ path }: { path: string }) => path === '/api/jobs').length;
  mock.workday = { ...was, jobs: [jobOf(first, MARIA)] };
  mock.signedInAs = 'luis@harbor.example';
  inbox = new Inbox();
  inbox.start();
  inbox.welcome(luis);
  await until(() => kept.stateOf(first)?.state === 'there');
  expect(await threadOf(luis.id, idOf(MARIA))).toMatchObject({ job: first });
  // What is told of rows makes no job of them: the server says whose and when.
  const rows = asked();
  mock.receive(DEREK, 'Is anybody coming?');
  await until(() => inbox.conversations.get(idOf(DEREK))?.last_message?.text === 'Is anybody coming?');
  await inbox.keeping!.settled();
  expect([[...kept.states.keys()], asked()]).toEqual([[first], rows]);
  // One was given to another, one is theirs now.
  mock.workday = { ...was, jobs: [jobOf(second, DEREK)] };
  mock.emit('jobs.updated', () => ({}));
  await until(() => kept.stateOf(second)?.state === 'there');
  expect(kept.stateOf(first)).toBe(null);
  inbox.stop();
  const before = asked();
  // The office keeps none.
  mock.signedInAs = 'ana@harbor.example';
  await read();
  expect(asked()).toBe(before);
  await forgetEverything(luis.id);
  mock.workday = was;
});

it('a page of a network in the place of a picture is not kept', async () => {
  const passed = globalThis.fetch;
  globalThis.fetch = () =>
    Promise.resolve(new Response('<h1>Wi-Fi</h1>', { headers: { 'content-type': 'text/html' } }));
  expect(await keepPicture(ana, 'x', '/api/media/1')).toBe('line');
  globalThis.fetch = () => Promise.resolve(new Response('png', { headers: { 'content-type': 'image/png' } }));
  expect(await keepPicture(ana, 'x', '/api/media/1')).toBe('there');
  globalThis.fetch = passed;
  expect((await pictureOf(ana, '/api/media/1'))?.type).toBe('image/png');
});
