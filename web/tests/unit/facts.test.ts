// What stands above a thread: words of it that somebody keeps with the job, by one press, and takes away again.
import { fireEvent, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it } from 'vitest';

import type { Message } from '../../src/api/types';
import { jobAbove } from '../../src/features/facts/facts';
import Keep from '../../src/features/facts/Keep.svelte';
import Beside from '../../src/features/thread/Beside.svelte';
import type { Thread } from '../../src/features/thread/thread.svelte';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, until } from './setup';

let inbox: Inbox;
let thread: Thread;
let message: Message;
let pane: HTMLElement;

type Detail = { customer_detail: { jobs: { facts: object[] }[] } | null };
const details = () => [...mock.world.details.values()] as never as Detail[];

beforeEach(async () => {
  for (const { customer_detail } of details()) for (const job of customer_detail?.jobs ?? []) job.facts = [];
  inbox = await openInbox();
  const rows = [...inbox.conversations.known.values()];
  const row = rows.find(({ name, job }) => name === 'Maria Delgado' && job)!;
  thread = inbox.threads.open(row.id);
  await until(() => thread.state === 'ready');
  message = thread.messages.filter(({ direction, text }) => direction === 'in' && text).at(-1)!;
  pane = document.body.appendChild(document.createElement('section'));
  pane.innerHTML = '<div class="log" tabindex="-1"></div>';
  drawIn(inbox, Beside, { pane, thread, row });
  drawIn(inbox, Keep, { message });
});
afterEach(() => {
  inbox.stop();
  pane.remove();
});

const keep = async () =>
  fireEvent.click(await screen.findByRole('button', { name: 'Keep above, on job #1042' }));
const strip = () => screen.findByRole('region', { name: 'Facts of job #1042' });
const gone = () => until(() => screen.queryByRole('region', { name: /^Facts of job/ }) === null);
const said = (words: RegExp) => until(() => inbox.toasts.shown.some(({ text }) => words.test(text)));

it('a message is kept by one press, once, right above the log', async () => {
  await keep();
  const facts = await strip();
  expect(facts.textContent).toContain(message.text);
  expect(facts.nextElementSibling?.className).toBe('log');
  await keep();
  await said(/^That is on job #1042 already/);
  expect(jobAbove(thread.details)?.facts).toHaveLength(1);
});

it('is taken away, and brought back', async () => {
  await keep();
  const away = within(await strip()).getByRole('button', { name: /^Take away: / });
  away.focus();
  await fireEvent.click(away);
  await gone();
  expect(document.activeElement?.className, 'the keyboard goes on where it was').toBe('log');
  inbox.toasts.undo();
  expect((await strip()).textContent).toContain(message.text);
  inbox.toasts.undo();
  await gone();
});

it('is here once a colleague has kept it', async () => {
  const fact = {
    id: '01JD0000000000000000000007',
    text: 'Gate 4411',
    file: null,
    seq: 1,
    at: message.created_at,
  };
  const where = {
    conversation_id: thread.id,
    message_id: message.id,
    by: { id: '01JD0000000000000000000003', name: 'Luis' },
  };
  const { customer_detail } = mock.world.details.get(thread.id) as never as Detail;
  customer_detail!.jobs[0]!.facts = [{ ...fact, ...where }];
  mock.emit('jobs.updated', {});
  expect((await strip()).textContent).toContain('Gate 4411');
});

it('is not kept where the server refuses, and the reason is told', async () => {
  message.text = 'What nobody said';
  const { seq } = thread.messages[0]!;
  message.seq = seq + 10_000;
  await keep();
  await said(/^Not kept: /);
  expect(screen.queryByRole('region', { name: /^Facts of job/ })).toBeNull();
});
