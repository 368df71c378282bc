import { screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';

import { beginning, choicesOf, exactOf } from '../../src/features/begin/begin.svelte';
import NewConversation from '../../src/features/begin/NewConversation.svelte';
import type { Whom } from '../../src/api/types';
import { drawIn, openInbox } from './inbox';
import { until } from './setup';

const number = (contact: string, conversation: string | null = null) => ({
  contact,
  label: null,
  channel: 'sms' as const,
  last_used_at: null,
  conversation_id: conversation,
  opted_out: false,
  cannot_text: false,
  blocked: false,
});
const customer = (name: string, ...contacts: string[]) => ({
  id: `01JD00000000000000000000${name.length}`,
  name,
  address: null,
  contacts: contacts.map((contact) => number(contact)),
});
const typed = (contact: string | null, refusal: string | null = null): Whom['typed'] => ({
  contact,
  country: contact && 'US',
  conversation_id: null,
  name: null,
  opted_out: false,
  cannot_text: false,
  blocked: false,
  refusal,
});
const whom = (more: Partial<Whom>): Whom => ({ customers: [], more: false, typed: null, ...more });
const taken = (found: Whom, query: string) => exactOf(found, choicesOf(found), query)?.contact;

describe('whom Enter takes', () => {
  it('is the number that was typed, with its country', () => {
    const found = whom({ typed: typed('+12075550196') });
    expect(taken(found, '207 555 0196')).toBe('+12075550196');
    expect(choicesOf(found)[0]?.country).toBe('US');
  });

  it('is nobody by a part of a name or number', () => {
    const found = whom({ customers: [customer('Maria Delgado', '+12075550188')] });
    expect(taken(found, 'maria')).toBeUndefined();
    expect(taken(found, '0188')).toBeUndefined();
    expect(taken(found, 'maria delgado')).toBe('+12075550188');
  });

  it('is nobody where there are several of the name, several numbers, or others not shown', () => {
    const one = customer('Maria Delgado', '+12075550188');
    const two = { ...one, id: '01JD0000000000000000000099' };
    expect(taken(whom({ customers: [one, two] }), 'Maria Delgado')).toBeUndefined();
    const several = customer('Maria Delgado', '+12075550188', '+12075550121');
    expect(taken(whom({ customers: [several] }), 'Maria Delgado')).toBeUndefined();
    expect(taken(whom({ customers: [one], more: true }), 'Maria Delgado')).toBeUndefined();
  });

  it('is nobody where the number is none', () => {
    const found = whom({ typed: typed(null, 'The area code is missing.') });
    expect(choicesOf(found)).toEqual([]);
    expect(taken(found, '555 0142')).toBeUndefined();
  });

  it('is the customer whose number was typed, once', () => {
    const found = whom({
      customers: [customer('Maria Delgado', '+12075550188')],
      typed: typed('+12075550188'),
    });
    expect(choicesOf(found)).toHaveLength(1);
    expect(taken(found, '207.555.0188')).toBe('+12075550188');
  });
});

describe('what is being written', () => {
  it('of somebody is not carried over to somebody else', () => {
    const to = (contact: string) => ({
      contact,
      name: null,
      country: null,
      thread: null,
      optedOut: false,
      cannotText: false,
    });
    beginning.clear();
    beginning.pick(to('+12075550101'));
    Object.assign(beginning, { name: 'Ida', how: 'By phone', words: 'Yes please', text: 'Hello' });
    const said = () => [beginning.name, beginning.how, beginning.words, beginning.text];
    beginning.change();
    expect(said()).toEqual(['', '', '', 'Hello']);
    beginning.pick(to('+12075550101'));
    expect(said()).toEqual(['Ida', 'By phone', 'Yes please', 'Hello']);
    beginning.change();
    beginning.pick(to('+12075550102'));
    expect(said()).toEqual(['', '', '', 'Hello']);
    beginning.how = 'By web';
    beginning.ask('+12075550103', 'Olga');
    expect([...said(), beginning.query]).toEqual(['Olga', '', '', 'Hello', '+12075550103']);
  });

  it('keeps its id while it is the same, and belongs to one person', () => {
    beginning.belongsTo('ana');
    const first = beginning.command.of({ text: 'Hi' });
    expect(beginning.command.of({ text: 'Hi' })).toBe(first);
    expect(beginning.command.of({ text: 'Hello' })).not.toBe(first);
    beginning.text = 'Hello';
    beginning.belongsTo('ana');
    expect(beginning.text).toBe('Hello');
    beginning.belongsTo('ben');
    expect(beginning.text).toBe('');
  });
});

it('a first text with something not filled in is asked about before it leaves', async () => {
  const inbox = await openInbox();
  const passed = globalThis.fetch;
  const begun: string[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const path = new URL(String(input)).pathname;
    const headers = { 'content-type': 'application/json' };
    const library = { templates: [], variables: [{ name: 'jobNumber' }] };
    if (path === '/api/templates') return new Response(JSON.stringify(library), { headers });
    if (path !== '/api/conversations' || init?.method !== 'POST') return passed(input, init);
    begun.push((JSON.parse(String(init.body)) as { text: string }).text);
    throw new TypeError('Failed to fetch');
  });
  beginning.clear();
  drawIn(inbox, NewConversation, { to: { contact: '', name: '' }, onclose: () => undefined });
  const [contact, text] = ['+12075550101', 'Job {{jobNumber}} is done.'];
  const whom = { name: 'Ida', country: null, thread: null, optedOut: false, cannotText: false };
  beginning.pick({ contact, ...whom });
  Object.assign(beginning, { how: 'By phone', text });
  const start = () => screen.getByRole('button', { name: 'Start Conversation' });
  await userEvent.click(start());
  await screen.findByText(/\{\{jobNumber\}\}/, { selector: 'p' });
  await userEvent.click(screen.getByRole('button', { name: 'Back to the message' }));
  expect([begun, beginning.text]).toEqual([[], text]);
  await userEvent.click(start());
  await userEvent.click(await screen.findByRole('button', { name: 'Send as it is' }));
  await until(() => begun.length > 0);
  expect(begun[0]).toBe(text);
  beginning.clear();
  inbox.stop();
  vi.restoreAllMocks();
});
