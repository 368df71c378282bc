// Faults of a phone in the field, each with its words kept: a browser that keeps no database, a session that ended while
// nobody could be asked, and access that was taken away over a full outbox.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { Row } from '../../src/api/types';
import type { Inbox } from '../../src/inbox.svelte';
import { openInbox } from './inbox';
import { mock, network, until } from './setup';

const [MARIA, DEREK] = ['+12075550188', '+12075550111'];
const SIX = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'];
let inbox: Inbox;

const row = (contact: string): Row =>
  [...inbox.conversations.known.values()].find((one) => one.contact === contact) as Row;
const of = (contact: string) => inbox.sending.outbox.of(row(contact).id);
/** What the server has of these, in its order. */
const arrived = (contact: string, written: readonly string[]): string[] =>
  mock.world.timelines
    .get(row(contact).id)
    .map(({ text }: { text: string }) => text)
    .filter((text: string) => written.includes(text));

/** Another answer of the server to each message, where `answer` has one. */
function posted(answer: (path: string) => Response | undefined) {
  const passed = globalThis.fetch;
  return vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const { pathname } = new URL(String(input), location.origin);
    const ours = init?.method === 'POST' && pathname.endsWith('/messages') ? answer(pathname) : undefined;
    return ours ?? passed(input, init);
  });
}
const problem = (status: number, kind: string) =>
  Response.json(
    { type: `urn:porchlight:problem:${kind}`, title: 'Not so', status },
    { status, headers: { 'content-type': 'application/problem+json' } },
  );

beforeEach(async () => {
  // A private window: some browsers throw as soon as they are asked.
  vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  });
  localStorage.clear();
  inbox = await openInbox();
});
afterEach(() => {
  network.on = true;
  inbox.stop();
  vi.restoreAllMocks();
});

it('without any database what was written in a dead spot is there after a reload, and goes once, in order', async () => {
  network.on = false;
  for (const text of SIX) inbox.sending.send(row(MARIA), text);
  await until(() => of(MARIA)[0]?.state === 'retrying');
  expect(of(MARIA)).toHaveLength(6);
  inbox.stop();
  network.on = true;
  inbox = await openInbox();
  await until(() => arrived(MARIA, SIX).length === 6);
  expect(arrived(MARIA, SIX)).toEqual(SIX);
});

it('a session that ended meanwhile empties no outbox: the same person’s next sign-in sends it', async () => {
  const written = SIX.map((text) => `${text} after the stairs`);
  network.on = false;
  for (const text of written) inbox.sending.send(row(MARIA), text);
  await until(() => of(MARIA)[0]?.state === 'retrying');
  const ended = posted(() => problem(401, 'unauthenticated'));
  network.on = true;
  inbox.sending.outbox.flush();
  await until(() => of(MARIA).some(({ failure }) => failure?.status === 401));
  expect(of(MARIA).map(({ text }) => text)).toEqual(written);
  expect(arrived(MARIA, written)).toEqual([]);
  ended.mockRestore();
  inbox.resume();
  await until(() => of(MARIA).length === 0);
  expect(arrived(MARIA, written)).toEqual(written);
});

it('access taken away over a full outbox holds those words with the reason, and no others', async () => {
  const lost = SIX.map((text) => `${text} for Maria`);
  const maria = row(MARIA).id;
  network.on = false;
  for (const text of lost) inbox.sending.send(row(MARIA), text);
  inbox.sending.send(row(DEREK), 'For Derek');
  await until(() => of(MARIA)[0]?.state === 'retrying');
  posted((path) => (path.includes(maria) ? problem(404, 'not-found') : undefined));
  network.on = true;
  inbox.sending.outbox.flush();
  await until(() => arrived(DEREK, ['For Derek']).length === 1);
  await until(() => of(MARIA)[0]?.state === 'held');
  expect(of(MARIA).map(({ text }) => text)).toEqual(lost);
  expect(arrived(MARIA, lost)).toEqual([]);
});
