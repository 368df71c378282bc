// Templates by their shortcut, and what is written while one is saved.
import { screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Row, Template } from '../../src/api/types';
import Composer from '../../src/features/composer/Composer.svelte';
import { forgetEverything } from '../../src/features/outbox/journal';
import { Editing } from '../../src/features/templates/editing.svelte';
import { Library } from '../../src/features/templates/library.svelte';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, until } from './setup';

const INVOICE: Template = {
  id: '01JD0000000000000000000001',
  version: 1,
  name: 'Invoice',
  category: 'Money',
  shortcut: 'invoice',
  text: 'Your invoice is ready.',
  unknown_variables: [],
};

let inbox: Inbox;
let row: Row;
/** What the back end answers waits for this. */
let held: Promise<void>;
let release: () => void;
let saved: Record<string, unknown>[];

const box = () => screen.getByRole<HTMLTextAreaElement>('textbox');
const sent = () =>
  mock.world.timelines
    .get(row.id)
    .filter(({ direction }: { direction: string }) => direction === 'out')
    .map(({ text }: { text: string }) => text);

function answerTemplates(): void {
  const passed = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const path = new URL(String(input)).pathname;
    if (!path.startsWith('/api/templates')) return passed(input, init);
    await held;
    const headers = { 'content-type': 'application/json' };
    const json = (body: unknown) => new Response(JSON.stringify(body), { headers });
    if (path.endsWith('/render')) return json({ text: INVOICE.text, unresolved: [], jobs: [] });
    if (!init?.method || init.method === 'GET') return json({ templates: [INVOICE], variables: [] });
    saved.push(JSON.parse(String(init.body)) as Record<string, unknown>);
    return json({ ...INVOICE, ...saved.at(-1), version: saved.length + 1 });
  });
}

beforeEach(async () => {
  mock.world.drafts.clear();
  await forgetEverything(mock.world.me('ana@harbor.example').id);
  inbox = await openInbox();
  row = [...inbox.conversations.known.values()].find(({ contact }) => contact === '+12075550133') as Row;
  held = new Promise((resolve) => (release = resolve));
  saved = [];
  answerTemplates();
});
afterEach(() => {
  inbox.stop();
  vi.restoreAllMocks();
});

describe('a shortcut and Enter', () => {
  async function press(words: string): Promise<void> {
    const thread = inbox.threads.open(row.id);
    await until(() => thread.state === 'ready');
    drawIn(inbox, Composer, { thread, row });
    await userEvent.type(box(), `${words}{Enter}`);
  }

  it('take the template, also where nobody knew it yet when Enter came', async () => {
    await press('/invoice');
    expect(box().value).toBe('/invoice');
    release();
    await until(() => box().value === INVOICE.text);
    expect(sent()).not.toContain('/invoice');
  });

  it('leave what was written on alone', async () => {
    await press('/invoice');
    await userEvent.type(box(), ' comes by mail');
    release();
    await userEvent.type(box(), '{Enter}');
    await until(() => sent().includes('/invoice comes by mail'));
    expect(sent()).not.toContain(INVOICE.text);
  });

  it('send a word that is no shortcut, and one with a blank behind it', async () => {
    release();
    await press('/wave');
    await until(() => sent().includes('/wave'));
    await userEvent.type(box(), '/invoice {Enter}');
    await until(() => sent().includes('/invoice'));
  });
});

it('what is written while a template is saved is kept, and saved next', async () => {
  const editing = new Editing(new Library(inbox.live), 'ana');
  editing.edit(INVOICE);
  editing.text = 'First';
  const saving = editing.save();
  editing.text = 'First and more';
  editing.keep();
  release();
  expect(await saving).toBe(true);
  expect([editing.open, editing.dirty, editing.text]).toEqual([true, true, 'First and more']);
  expect(await editing.save()).toBe(true);
  expect(editing.open).toBe(false);
  expect(saved.map(({ text, version }) => [text, version])).toEqual([
    ['First', 1],
    ['First and more', 2],
  ]);
});
