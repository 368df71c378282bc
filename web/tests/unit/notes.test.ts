// Words to colleagues: whom they are for stays with them, and who is named in vain is told of by name.
import { screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Message, Row } from '../../src/api/types';
import { ulid } from '../../src/app/ulid';
import Composer from '../../src/features/composer/Composer.svelte';
import { type NoteTo } from '../../src/features/composer/storage';
import { forgetEverything } from '../../src/features/outbox/journal';
import Note from '../../src/features/thread/Note.svelte';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, until } from './setup';

const MARIA = '+12075550188';
const ZED = { id: '01JD0000000000000000000009', name: 'Zed Former' };
let inbox: Inbox;
let row: Row;

const draft = () => inbox.sending.draft(row.id, 'note');
const asked = () => mock.requests.filter(({ path }) => path.endsWith('/notes'));

beforeEach(async () => {
  mock.world.drafts.clear();
  await forgetEverything(mock.world.me('ana@harbor.example').id);
  inbox = await openInbox();
  row = [...inbox.conversations.known.values()].find(({ contact }) => contact === MARIA) as Row;
  mock.requests.length = 0;
});
afterEach(() => {
  inbox.stop();
  vi.restoreAllMocks();
});

describe('whom a note is for', () => {
  /** A note that was not taken. */
  async function refused(text: string, crew: boolean) {
    const passed = globalThis.fetch;
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
      if (!new URL(String(input)).pathname.endsWith('/notes')) return passed(input, init);
      const problem = { type: 'urn:porchlight:problem:mentions', title: 'Not so' };
      const headers = { 'content-type': 'application/problem+json' };
      return Promise.resolve(new Response(JSON.stringify(problem), { status: 422, headers }));
    });
    const note: NoteTo = { crew, mentions: [] };
    const leaving = { conversation: row.id, text, seen: row.seq, resendOf: null, parcel: null, note };
    const { id } = inbox.sending.outbox.send(leaving, Date.now());
    const entry = () => inbox.sending.outbox.of(row.id).find((one) => one.id === id)!;
    await until(() => entry().state === 'refused');
    spy.mockRestore();
    return entry();
  }

  it('comes back into the box with its words', async () => {
    const entry = await refused('The gate code is 4417', true);
    inbox.sending.withdraw(entry);
    await until(() => draft().text !== '');
    expect([draft().text, draft().crew]).toEqual(['The gate code is 4417', true]);
  });

  it('is never more people than any of the words in the box are for', async () => {
    draft().write('Pays late');
    inbox.sending.withdraw(await refused('The gate code is 4417', true));
    await until(() => draft().text !== 'Pays late');
    expect([draft().text, draft().crew]).toEqual(['The gate code is 4417\nPays late', false]);
    draft().crew = true;
    inbox.sending.withdraw(await refused('Be kind', false));
    await until(() => !draft().crew);
  });

  it('goes with the words that another window of its writer has saved', async () => {
    draft().write('The gate code is 4417');
    draft().crew = true;
    await until(() => draft().kept === 'server');
    const note = { id: ulid(Date.now()), text: 'The gate code is 4417', crew: true };
    await fetch(`/api/conversations/${row.id}/notes`, { method: 'POST', body: JSON.stringify(note) });
    await until(() => draft().text === '');
    expect(draft().crew).toBe(false);
  });
});

it('a colleague who has left is told of by name, and is not mentioned', async () => {
  const thread = inbox.threads.open(row.id);
  const facts = { direction: 'out', kind: 'note', status: 'received', author: ZED, crew: false };
  mock.append(mock.world.rows.get(row.id), { ...facts, text: 'Mine', mentions: [], segments: null }, {});
  await until(() => thread.state === 'ready' && thread.messages.some(({ text }) => text === 'Mine'));
  drawIn(inbox, Composer, { thread, row });
  await userEvent.click(await screen.findByRole('button', { name: 'Internal note' }));
  const box = await screen.findByRole('textbox', { name: /^Internal note about/ });
  await userEvent.type(box, '@Zed and @Maud, look');
  expect(await screen.findByText('Zed Former no longer works here and will not be told.')).toBeTruthy();
  expect(screen.getAllByText(/^Nobody here is called/).map((one) => one.textContent)).toEqual([
    expect.stringContaining('“Maud”'),
  ]);
  await userEvent.keyboard('{Enter}');
  await until(() => asked().length > 0);
  expect(asked()[0]?.body).toMatchObject({ mentions: [] });
});

it('what is looked for is marked in a name that is mentioned, too', () => {
  const [like] = mock.world.timelines.get(row.id) as [Message];
  const message = { ...like, text: 'Ask @Zed Former', kind: 'note', mentions: [ZED] } as Message;
  const { container } = drawIn(inbox, Note, { message, terms: ['zed'], linked: true });
  expect(container.querySelector('.note.linked .at mark')?.textContent).toBe('Zed');
});
