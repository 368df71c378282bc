// Whatever a message holds, its thread is drawn: what comes twice is drawn twice, what cannot be drawn says so.
import { render, screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { createRawSnippet } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Message, Row } from '../../src/api/types';
import Menu from '../../src/app/Menu.svelte';
import CustomerCard from '../../src/features/customer/CustomerCard.svelte';
import LogItem from '../../src/features/thread/LogItem.svelte';
import type { Thread } from '../../src/features/thread/thread.svelte';
import { timeline, type Item } from '../../src/features/thread/timeline';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';

const MARIA = '+12075550188';
const AT = '2026-11-20T13:26:01.000Z';
let inbox: Inbox;
let row: Row;
let thread: Thread;

beforeEach(async () => {
  inbox = await openInbox();
  row = [...inbox.conversations.known.values()].find(({ contact }) => contact === MARIA) as Row;
  thread = inbox.threads.open(row.id);
  await thread.load();
});
afterEach(() => {
  inbox.stop();
  vi.restoreAllMocks();
});

const draw = (item: Item) => drawIn(inbox, LogItem, { item, row, thread, terms: [], linked: false });
const like = (more: object): Message => ({ ...(thread.messages[1] as Message), ...more });
const bubbleOf = (message: Message): Item =>
  timeline([message], [], null, true).find(({ kind }) => kind === 'bubble') as Item;

describe('two in one millisecond', () => {
  it('reactions are two chips', () => {
    draw(
      bubbleOf(
        like({
          reactions: [
            { kind: '❤️', at: AT },
            { kind: '👍', at: AT },
          ],
        }),
      ),
    );
    expect([...document.querySelectorAll('.badge')].map((chip) => chip.textContent)).toEqual(['❤️', '👍']);
  });

  it('files of one name are two files', () => {
    const shown = { content_type: 'image/png', kind: 'photo', state: 'ready' };
    const file = { id: 'x'.repeat(35), url: '/api/media/x', ...shown };
    draw(bubbleOf(like({ media: [file, file] })));
    expect(screen.getAllByRole('img')).toHaveLength(2);
  });

  it('messages and days have keys of their own', () => {
    const messages = ['a', 'b', 'c'].map((id, i) => like({ id, seq: i + 1, created_at: AT }));
    const keys = timeline(messages, [], 2, true).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

it('colleagues of one name are two choices', async () => {
  const items = ['Sam Lee', 'Sam Lee'].map((label) => ({ label, run: vi.fn() }));
  const children = createRawSnippet(() => ({ render: () => '<span>Assign</span>' }));
  render(Menu, { label: 'Assign', items, children });
  await userEvent.click(screen.getByRole('button', { name: /Assign/ }));
  const [, second] = await screen.findAllByRole('menuitem', { name: 'Sam Lee' });
  await userEvent.click(second as HTMLElement);
  expect(items[1]?.run).toHaveBeenCalledOnce();
});

it('a contact that is on file twice stands there twice', () => {
  const detail = thread.details?.customer_detail;
  const contacts = [1, 2].map(() => ({
    contact: MARIA,
    label: null,
    channel: 'sms' as const,
    cannot_text: false,
  }));
  const details = { ...thread.details!, customer_detail: { ...detail!, contacts } };
  drawIn(inbox, CustomerCard, { row, details });
  expect(screen.getAllByText('(207) 555-0188').length).toBeGreaterThan(1);
});

describe('a message that shows nothing', () => {
  it.each(['', ' \n', '\u200B\u200D\uFEFF', '\u2800\u3164'])('%j says that it has no words', (text) => {
    draw(bubbleOf(like({ text, media: [] })));
    expect(document.querySelector('.bubble')?.textContent).toBe('Empty message');
  });
});

describe('a message that cannot be drawn', () => {
  const broken = (message: object) => bubbleOf(like({ text: 'What it said', media: [], ...message }));

  it('says so with its words, is reported, and is drawn once a newer version can be', async () => {
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    const { rerender } = draw(broken({ reactions: null }));
    expect((await screen.findByText(/cannot be shown here/)).textContent).toContain('What it said');
    expect(reported).toHaveBeenCalledOnce();
    await rerender({ given: { item: broken({ version: 2 }), row, thread, terms: [], linked: false } });
    expect(document.querySelector('.bubble')?.textContent).toBe('What it said');
    vi.unstubAllGlobals();
  });

  it('leaves its thread a timeline, even with a time that is none', () => {
    const items = timeline([like({ id: 'a', created_at: 'soon' }), like({ id: 'b' })], [], null, true);
    expect(items.filter(({ kind }) => kind === 'bubble')).toHaveLength(2);
  });
});
