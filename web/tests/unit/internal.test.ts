// A thread between colleagues: files go as they are and without a question, also once the line is back, and what was said
// is found.
import { fireEvent, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Row } from '../../src/api/types';
import InternalPane from '../../src/features/internal/InternalPane.svelte';
import { forgetEverything } from '../../src/features/outbox/journal';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { jpeg, text } from './pictures';
import { mock, network, until } from './setup';

const RAY = { id: '01JRAY0000000000000000000R', name: 'Ray Torres' };
let inbox: Inbox;
let row: Row;

const timeline = (): { text: string; media: { name: string }[] }[] => mock.world.timelines.get(row.id);
const last = () => timeline().at(-1)!;
const said = (words: string, seq: number) => ({
  ...mock.world.timelines.get(row.id)[0],
  id: `01JSAYD0000000000000000${String(seq).padStart(3, '0')}`,
  seq,
  text: words,
  kind: 'internal',
  direction: 'in',
  contact: null,
  line: null,
  author: RAY,
});

beforeEach(async () => {
  // The first of the mock's threads, as if Ana and Ray wrote in it.
  const [its] = [...mock.world.rows.values()].filter(({ consent }) => consent === 'open');
  const party = { kind: 'pair', colleague: RAY, colleague_left: false, job: null };
  Object.assign(its, {
    name: RAY.name,
    type: 'internal',
    party,
    contact: null,
    channel: null,
    customer: null,
  });
  row = its as Row;
  mock.world.timelines.set(row.id, [said('The boiler key hangs by the door', 1), said('Thanks for that', 2)]);
  Object.assign(its, { seq: 2, unread: 0 });
  Element.prototype.scrollTo ??= () => undefined;
  Element.prototype.scrollIntoView = vi.fn();
  await forgetEverything(mock.world.me('ana@harbor.example').id);
  inbox = await openInbox();
});
afterEach(() => {
  inbox.stop();
  network.on = true;
});

const draw = () => drawIn(inbox, InternalPane, { id: row.id, back: '/team' });
const write = () => screen.findByRole('textbox', { name: `Internal message to ${RAY.name}` });
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }));
const pdf = () => new File([text('%PDF-1.7 x')], 'plan.pdf');
const photo = () => new File([jpeg(40, 30)], 'valve.jpg');

describe('files to colleagues', () => {
  it('are attached in the window and leave as they are, without a question', async () => {
    const { container } = draw();
    const box = await write();
    await press('Attach a file');
    const panel = await screen.findByRole('dialog', { name: 'Attach for your colleagues' });
    const picker = container.querySelector<HTMLInputElement>('.picker')!;
    await fireEvent.change(picker, { target: { files: [pdf()] } });
    await within(panel).findByText('plan.pdf');
    expect(panel.textContent).not.toMatch(/private link|picture message|May tell/);
    await fireEvent.click(await within(panel).findByRole('button', { name: 'Attach 1 file' }));
    await fireEvent.input(box, { target: { value: 'The plan of the cellar' } });
    await press('Send to colleagues');
    await until(() => last().text === 'The plan of the cellar');
    expect(last().media.map(({ name }) => name)).toEqual(['plan.pdf']);
    expect(screen.queryByText(/Send it anyway/)).toBe(null);
  });

  it('are pasted and need no words; without a connection they wait on the device and go by themselves', async () => {
    draw();
    const box = await write();
    const bag = await inbox.sending.bag(row.id);
    const pasted = { types: ['Files'], getData: () => '', items: [{ kind: 'file', getAsFile: photo }] };
    await until(() => {
      void fireEvent.paste(box, { clipboardData: pasted });
      return bag.items.length > 0;
    });
    network.on = false;
    const before = timeline().length;
    await press('Send to colleagues');
    await until(() => inbox.sending.outbox.of(row.id).length === 1);
    expect(timeline()).toHaveLength(before);
    network.on = true;
    inbox.sending.again();
    await until(() => timeline().length === before + 1);
    expect(last().media.map(({ name }) => name)).toContain('valve.jpg');
  });
});

it('what was said to colleagues is found, marked and led to', async () => {
  draw();
  await write();
  await press('Find in this conversation');
  await fireEvent.input(await screen.findByRole('textbox', { name: 'Find in this conversation' }), {
    target: { value: 'boiler' },
  });
  await screen.findByText('1 of 1');
  const mark = await screen.findByText('boiler');
  expect(mark.tagName).toBe('MARK');
  await until(() => vi.mocked(Element.prototype.scrollIntoView).mock.contexts.length > 0);
  const [led] = vi.mocked(Element.prototype.scrollIntoView).mock.contexts as Element[];
  expect(led?.textContent).toContain('The boiler key hangs by the door');
});

it('whoever writes while they read further back is shown what they wrote', async () => {
  draw();
  const area = await write();
  const thread = inbox.threads.open(row.id);
  // A search has led to a part that ends before the newest.
  thread.after = thread.newest;
  expect(thread.detached).toBe(true);
  await fireEvent.input(area, { target: { value: 'Found it' } });
  await fireEvent.keyDown(area, { key: 'Enter' });
  await until(() => last().text === 'Found it');
  await until(() => !thread.detached);
  await screen.findByText('Found it');
});
