// What goes later, and what is taken back: with its files, once, at the time that was said.
import { fireEvent, screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Message, Row } from '../../src/api/types';
import { router } from '../../src/app/router.svelte';
import { sheet } from '../../src/app/sheet.svelte';
import { Desk } from '../../src/features/composer/desk.svelte';
import { forgetEverything } from '../../src/features/outbox/journal';
import { asks } from '../../src/features/composer/tools';
import EditDialog from '../../src/features/later/EditDialog.svelte';
import Planned from '../../src/features/later/Planned.svelte';
import { Plans } from '../../src/features/later/plans';
import { schedule } from '../../src/features/later/schedule';
import { toField, wallOf, yearAfter } from '../../src/features/later/wall';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { jpeg } from './pictures';
import { mock, until } from './setup';

const MARIA = '+12075550188';
const TOMORROW = Date.parse('2027-01-05T13:00:00.000Z');
type Body = Record<string, unknown> & { id: string };
interface Asked {
  method: string;
  path: string;
  body: Body;
}

let inbox: Inbox;
let row: Row;
let asked: Asked[];
/** Answers that get lost on their way. */
let lost: number;

const planned = (body: Partial<Message>): Message => {
  const like = mock.world.timelines.get(row.id).findLast(({ direction }: Message) => direction === 'out');
  return {
    ...like,
    conversation_id: row.id,
    status: 'scheduled',
    media: [],
    version: 1,
    seq: 999,
    schedule: {
      send_at: new Date(TOMORROW).toISOString(),
      goes_at: new Date(TOMORROW).toISOString(),
      undo: false,
      cancel_on_reply: false,
      revision: 1,
      held: null,
      quiet_zone: null,
    },
    ...body,
  };
};

const json = (body: unknown) =>
  new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });

/** Answers commands on scheduled messages, which the tests' back end does not know. */
function answerLater(): void {
  const passed = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const path = new URL(String(input)).pathname;
    const method = init?.method ?? 'GET';
    if (path === '/api/templates') return json({ templates: [], variables: [{ name: 'jobNumber' }] });
    const ours = /\/messages(\/[^/]+(\/cancel)?)?$/.test(path) && method !== 'GET';
    if (!ours) return passed(input, init);
    const body = JSON.parse(String(init?.body)) as Body;
    asked.push({ method, path, body });
    if (lost-- > 0) throw new TypeError('Failed to fetch');
    const message = path.endsWith('/cancel')
      ? planned({ id: path.split('/').at(-2) as string, status: 'canceled', version: 2 })
      : planned(body as Partial<Message>);
    if (body['undo_s']) message.schedule = { ...message.schedule!, undo: true };
    return json(message);
  });
}

const plans = () => new Plans(inbox);
const bagOf = () => inbox.sending.bag(row.id);
const draft = () => inbox.sending.draft(row.id);
const toast = () => inbox.toasts.shown.at(-1);

async function attached() {
  const bag = await bagOf();
  bag.add([{ file: new File([jpeg(40, 30)], 'valve.jpg'), folder: false }]);
  await until(() => bag.counted[0]?.state === 'ready');
  return bag;
}

beforeEach(async () => {
  const ana = mock.world.me('ana@harbor.example').id;
  mock.world.drafts.clear();
  await forgetEverything(ana);
  inbox = await openInbox();
  row = [...inbox.conversations.known.values()].find(({ contact }) => contact === MARIA) as Row;
  [asked, lost] = [[], 0];
  answerLater();
});
afterEach(() => {
  inbox.stop();
  vi.restoreAllMocks();
  sheet.now = null;
});

describe('what goes later', () => {
  const later = (text: string, files: Parameters<Plans['schedule']>[1]['files'] = null) =>
    plans().schedule(row, { text, files }, TOMORROW, false);

  it('takes its files along, and leaves the composer with them', async () => {
    const bag = await attached();
    draft().write('The valve');
    expect(await later('The valve', bag.pack())).toBe(true);
    expect(asked[0]?.body['attachments']).toEqual([expect.any(String)]);
    expect([draft().text, bag.items]).toEqual(['', []]);
  });

  it('is of the job that it is written from', async () => {
    router.go(`/jobs/01JJOB/conversations/${row.id}`);
    await later('The valve is in');
    router.go(`/conversations/${row.id}`);
    await later('And the tap');
    expect(asked.map(({ body }) => body['job_id'])).toEqual(['01JJOB', undefined]);
  });

  it('comes back whole', async () => {
    const bag = await attached();
    draft().write('The valve');
    await later('The valve', bag.pack());
    toast()?.undo?.();
    await until(() => bag.counted.length === 1);
    expect(draft().text).toBe('The valve');
    expect(bag.counted[0]?.state).toBe('ready');
  });

  it('is one message, however often a lost answer has somebody press again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    lost = 4;
    const first = later('Once');
    await vi.runAllTimersAsync();
    expect(await first).toBe(false);
    vi.useRealTimers();
    expect(await later('Once')).toBe(true);
    expect(new Set(asked.map(({ body }) => body.id)).size).toBe(1);
    // Meant once more, it is another.
    await later('Once');
    expect(new Set(asked.map(({ body }) => body.id)).size).toBe(2);
  });

  it('says that files are to be attached again that another window had sent', async () => {
    const media = [{ url: '/x', content_type: 'image/jpeg', goes_as: 'link' }] as unknown as Message['media'];
    await plans().takeBack(
      planned({ id: '01JD00000000000000000000AA', text: 'Here\nhttps://x/media/abc', media }),
    );
    expect(draft().text).toBe('Here');
    expect(toast()?.text).toContain('attach its files again');
  });

  it('is gone once discarded, until that is undone', async () => {
    await plans().discard(planned({ id: '01JD00000000000000000000AB', text: 'Old words' }));
    expect(draft().text).toBe('');
    toast()?.undo?.();
    await until(() => draft().text === 'Old words');
  });
});

describe('what was just sent', () => {
  const send = (text: string, files: Awaited<ReturnType<typeof bagOf>> | null = null) =>
    inbox.sending.send(row, text, null, files?.take(), 5);

  it('is taken back with its files', async () => {
    const bag = await attached();
    send('The valve', bag);
    await until(() => toast()?.undo);
    toast()?.undo?.();
    await until(() => bag.counted.length === 1);
    expect(draft().text).toBe('The valve');
  });

  it('in one tap, leaves what is being written as it stands when it is taken back', async () => {
    draft().write('Half a sentence');
    await draft().flush();
    inbox.sending.sendOneTap(row, 'On the way');
    await until(() => toast()?.undo);
    toast()?.undo?.();
    await until(() => toast()?.text.startsWith('Taken back'));
    expect(draft().text).toBe('Half a sentence');
  });

  it('in one tap, comes back into a box that is empty', async () => {
    draft().write('');
    await draft().flush();
    inbox.sending.sendOneTap(row, 'On the way');
    await until(() => toast()?.undo);
    toast()?.undo?.();
    await until(() => draft().text === 'On the way');
  });

  it('answers its conversation no more once all is read anew: it may have been taken back elsewhere', async () => {
    const said = () => inbox.conversations.get(row.id)?.last_message?.text;
    const before = said();
    send('Coming');
    await until(() => toast()?.undo);
    expect(said()).toBe('Coming');
    inbox.sending.missed();
    expect(said()).toBe(before);
  });
});

describe('asking for a later time', () => {
  const desk = () => new Desk(inbox.threads.open(row.id), draft(), () => row, inbox.toasts, asks);

  it('is refused in words while files are still on their way up', async () => {
    let open = () => {};
    mock.files.held = new Promise<void>((resolve) => (open = resolve)) as never;
    const bag = await bagOf();
    bag.add([{ file: new File([jpeg(40, 30)], 'valve.jpg'), folder: false }]);
    await schedule(desk());
    expect(sheet.now).toBeNull();
    expect(toast()?.text).toContain('on their way up');
    open();
    mock.files.held = null;
    await until(() => bag.counted[0]?.state === 'ready');
    await schedule(desk());
    expect(sheet.now?.given).toMatchObject({ text: '', files: { files: [{ name: 'valve.jpg' }] } });
  });

  it('asks what sending asks', async () => {
    draft().write('For {{nothing}}');
    const no = new Desk(inbox.threads.open(row.id), draft(), () => row, inbox.toasts, [() => false]);
    await schedule(no);
    expect(sheet.now).toBeNull();
  });
});

it('an edit of the words alone leaves the time as it is, also of the second of two', async () => {
  // 1:30 comes twice that night; this is the second.
  const send_at = '2027-11-07T06:30:20.000Z';
  const message = planned({ id: '01JD00000000000000000000AC', text: 'Old' });
  Object.assign(message.schedule!, { send_at, goes_at: send_at });
  drawIn(inbox, EditDialog, { message, row, onclose: () => undefined });
  const words = await screen.findByLabelText('What it says');
  await userEvent.clear(words);
  await userEvent.type(words, 'New');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await until(() => asked.some(({ method }) => method === 'PUT'));
  const change = asked.find(({ body }) => body['text'] === 'New');
  expect(change?.body).not.toHaveProperty('send_at');
});

it('of two answers to what waits, the one that was asked for last stands', async () => {
  vi.restoreAllMocks();
  const passed = globalThis.fetch;
  const answers: ((text: string) => void)[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    if (!new URL(String(input)).pathname.endsWith('/planned')) return passed(input, init);
    return new Promise((resolve) =>
      answers.push((text) => {
        const messages = [planned({ id: '01JD00000000000000000000AD', text })];
        const headers = { 'content-type': 'application/json' };
        resolve(new Response(JSON.stringify({ messages }), { headers }));
      }),
    );
  });
  const thread = inbox.threads.open(row.id);
  const { rerender } = drawIn(inbox, Planned, { thread, row });
  await until(() => answers.length === 1);
  await rerender({ given: { thread, row: { ...row, version: row.version + 1 } } });
  await until(() => answers.length === 2);
  answers[1]?.('At nine');
  expect(await screen.findByText('At nine')).toBeTruthy();
  answers[0]?.('At eight');
  await new Promise((resolve) => setTimeout(resolve));
  expect(screen.queryByText('At eight')).toBeNull();
});

describe('an editor of what goes later', () => {
  const field = () => screen.findByLabelText<HTMLInputElement>(/^Date and time/);
  const save = () => screen.getByRole('button', { name: 'Save' });
  const off = () => save().getAttribute('aria-disabled') === 'true';
  /** Beside those that tell that it is open. */
  const said = () => asked.filter(({ body }) => 'text' in body);

  async function edit(text: string, at: number, held: 'late' | null = null): Promise<void> {
    const message = planned({ id: '01JD00000000000000000000AD', text });
    const send_at = new Date(at).toISOString();
    const why = held && { reason: held, since: send_at, by: null };
    Object.assign(message.schedule!, { send_at, goes_at: send_at, held: why });
    drawIn(inbox, EditDialog, { message, row, onclose: () => undefined });
    await field();
  }

  async function type(value: string): Promise<void> {
    await fireEvent.input(await field(), { target: { value } });
  }

  it('keeps the time that has passed meanwhile, and no other that has', async () => {
    await edit('Old', Date.now() - 60_000);
    const first = (await field()).value;
    expect(off()).toBe(false);
    screen.getByText(/goes as soon as it is saved/);
    await type('2020-01-01T09:00');
    screen.getByText('This time has passed. Choose one to come.');
    expect(off()).toBe(true);
    await userEvent.click(save());
    await type('');
    expect(off()).toBe(true);
    await userEvent.click(save());
    expect(said()).toEqual([]);
    await type(first);
    await userEvent.click(save());
    await until(() => said().length === 1);
    expect(said()[0]?.body).not.toHaveProperty('send_at');
  });

  it('keeps no time that has passed of what is held', async () => {
    await edit('Old', Date.now() - 60_000, 'late');
    expect(off()).toBe(true);
  });

  it('takes the same time next year and none after it', async () => {
    await edit('Old', TOMORROW);
    const zone = inbox.viewer.me?.time_zone ?? 'UTC';
    const last = wallOf(yearAfter(Date.now(), zone), zone);
    await type(toField(last));
    expect(off()).toBe(false);
    await type(toField(last + 120_000));
    expect(off()).toBe(true);
    screen.getByText(/more than a year ahead/);
  });

  it('asks about what was not filled in, above itself', async () => {
    await edit('Job {{jobNumber}} is done.', TOMORROW);
    await userEvent.click(save());
    await userEvent.click(await screen.findByRole('button', { name: 'Back to the message' }));
    expect(said()).toEqual([]);
    expect(screen.getByLabelText<HTMLTextAreaElement>('What it says').value).toBe(
      'Job {{jobNumber}} is done.',
    );
    await userEvent.click(save());
    await userEvent.click(await screen.findByRole('button', { name: 'Send as it is' }));
    await until(() => said().length === 1);
    expect(said()[0]?.body['text']).toBe('Job {{jobNumber}} is done.');
  });
});

it('a dialog that closes late leaves the one that stands in its place', () => {
  const part = () => new Promise<never>(() => undefined);
  sheet.open(part, {});
  const first = sheet.now?.given['onclose'] as () => void;
  sheet.open(part, { second: true });
  first();
  expect(sheet.now?.given).toMatchObject({ second: true });
  (sheet.now?.given['onclose'] as () => void)();
  expect(sheet.now).toBeNull();
});
