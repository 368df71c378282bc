// The box at the foot of a thread, and what it says of messages that did not leave.
import { screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Row } from '../../src/api/types';
import { coarse, phone } from '../../src/app/media.svelte';
import { router } from '../../src/app/router.svelte';
import { named } from '../../src/features/conversations/address';
import Composer from '../../src/features/composer/Composer.svelte';
import type { Held } from '../../src/features/composer/outbox.svelte';
import { forgetEverything } from '../../src/features/outbox/journal';
import ConversationRow from '../../src/features/conversations/ConversationRow.svelte';
import { Inbox } from '../../src/inbox.svelte';
import Bubble from '../../src/features/thread/Bubble.svelte';
import ThreadPane from '../../src/features/thread/ThreadPane.svelte';
import ToastStack from '../../src/features/toasts/ToastStack.svelte';
import { drawIn } from './inbox';
import { mock, network, until } from './setup';

const [MARIA, JOY] = ['+12075550188', '+12075550133'];
let inbox: Inbox;

const row = (contact: string): Row =>
  [...inbox.conversations.known.values()].find((one) => one.contact === contact) as Row;
const box = () => screen.getByRole<HTMLTextAreaElement>('textbox');

async function draw(contact = JOY) {
  const thread = inbox.threads.open(row(contact).id);
  await until(() => thread.state === 'ready');
  return drawIn(inbox, Composer, { thread, row: row(contact) });
}

/** A message that waits for its writer: a colleague was faster. */
async function held(text: string, contact = JOY): Promise<string> {
  const { id } = row(contact);
  await until(() => inbox.threads.open(id).state === 'ready');
  const seen = inbox.threads.open(id).seen;
  mock.append(mock.world.rows.get(id), {
    direction: 'out',
    kind: 'staff',
    text: 'Ben was faster',
    status: 'sent',
    author: { id: mock.world.staff[1].id, name: 'Ben Carter' },
  });
  vi.spyOn(inbox.threads, 'warm').mockReturnValue({ seen, catchUp: () => Promise.resolve() } as never);
  inbox.sending.send(row(contact), text);
  await until(() => inbox.sending.outbox.of(id)[0]?.state === 'held');
  expect((inbox.sending.outbox.of(id)[0]?.held as Held).why).toBe('stale');
  vi.mocked(inbox.threads.warm).mockRestore();
  return id;
}

beforeEach(async () => {
  const ana = mock.world.me('ana@harbor.example');
  mock.world.drafts.clear();
  await forgetEverything(ana.id);
  router.go('/conversations');
  inbox = new Inbox();
  inbox.welcome(ana);
  await inbox.list.load();
});
afterEach(() => {
  inbox.stop();
  vi.restoreAllMocks();
});

describe('the box', () => {
  it('takes Enter for a word of an input method, also where only the key’s code tells it (Safari)', async () => {
    await draw();
    await userEvent.type(box(), 'にほん');
    const enter = new KeyboardEvent('keydown', {
      key: 'Enter',
      keyCode: 229,
      bubbles: true,
      cancelable: true,
    });
    box().dispatchEvent(enter);
    expect(box().value).toBe('にほん');
    expect(enter.defaultPrevented).toBe(false);
    await userEvent.type(box(), '{Enter}');
    expect(box().value).toBe('');
  });

  it('breaks the line with Enter under a finger, and sends with the arrow', async () => {
    vi.spyOn(coarse, 'current', 'get').mockReturnValue(true);
    await draw();
    await userEvent.type(box(), 'First{Enter}second');
    expect(box().value).toBe('First\nsecond');
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(inbox.sending.outbox.entries.at(-1)?.text).toBe('First\nsecond');
  });

  it('says on a phone which number it writes to', async () => {
    vi.spyOn(phone, 'current', 'get').mockReturnValue(true);
    await draw(MARIA);
    expect(box().placeholder).toBe('Text (207) 555-0188');
  });

  it('says by how much a text is too long, and does not send it', async () => {
    await draw();
    const text = `**${'a'.repeat(1601)}**`;
    await userEvent.click(box());
    await userEvent.paste(text);
    expect(await screen.findByText('Too long by 5.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Send is off: it is too long by 5' })).toBeTruthy();
    await userEvent.type(box(), '{Enter}');
    expect(box().value).toBe(text);
    expect(inbox.sending.outbox.entries).toEqual([]);
    await userEvent.type(box(), '{Backspace>5/}');
    expect(screen.queryByText(/Too long/)).toBeNull();
    await userEvent.type(box(), '{Enter}');
    expect(box().value).toBe('');
  });

  it('waits until it is known who writes: a draft belongs to somebody', async () => {
    const nobody = new Inbox();
    await nobody.list.load();
    const { id } = row(JOY);
    await nobody.threads.open(id).load();
    drawIn(nobody, ThreadPane, { id, message: null });
    expect(screen.queryByRole('textbox')).toBeNull();
    nobody.welcome(mock.world.me('ana@harbor.example'));
    await until(() => screen.queryByRole('textbox'));
    await userEvent.type(box(), 'Mine');
    expect(Object.keys(localStorage).filter((key) => key.includes('.draft./'))).toEqual([]);
    nobody.stop();
  });
});

describe('a message that waits for its writer', () => {
  it('can be discarded, and that undone', async () => {
    const id = await held('Mine too');
    await draw();
    await userEvent.click(await screen.findByRole('button', { name: 'Discard' }));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(inbox.sending.outbox.of(id)).toEqual([]);
    expect(box().value).toBe('');
    inbox.toasts.undo();
    await until(() => box().value === 'Mine too');
  });

  it('is told of where its writer is, and marked in the list', async () => {
    const id = await held('For Joy');
    drawIn(inbox, ConversationRow, { row: row(JOY), terms: [], current: false, stop: true });
    expect(screen.getByRole('link').textContent).toMatch(/Not sent:\s+For Joy/);
    drawIn(inbox, ToastStack, {});
    expect(screen.getByRole('status').textContent).toMatch(/Not sent to Joy: Ben replied .+ ago\./);
    await userEvent.click(screen.getByRole('button', { name: 'Open' }));
    expect(named().id).toBe(id);
  });

  it('says so itself, and only itself, in the thread that is open', async () => {
    router.go(`/conversations/${row(JOY).id}`);
    await held('Seen at once');
    expect(inbox.toasts.shown).toEqual([]);
  });
});

describe('Retry', () => {
  const failed = () => mock.world.timelines.get(row(MARIA).id)[6];
  const bubble = () =>
    drawIn(inbox, Bubble, {
      row: row(MARIA),
      message: failed(),
      first: true,
      last: true,
      terms: [],
      linked: false,
    });

  it('sends once, however often it is clicked', async () => {
    const { id } = row(MARIA);
    await inbox.threads.open(id).load();
    bubble();
    const retry = await screen.findByRole('button', { name: 'Retry' });
    retry.click();
    retry.click();
    await until(() => inbox.sending.outbox.of(id).length === 0);
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull();
    const again = mock.world.timelines.get(id).filter((one: { resend_of: string | null }) => one.resend_of);
    expect(again).toHaveLength(1);
    expect(inbox.sending.draft(id).text).toBe('');
  });

  it('while offline waits for the connection', async () => {
    bubble();
    network.on = false;
    (await screen.findByRole('button', { name: 'Retry' })).click();
    await until(() => inbox.sending.outbox.entries[0]?.state === 'retrying');
    inbox.sending.discard(inbox.sending.outbox.entries[0]!);
  });
});
