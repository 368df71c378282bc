// What a technician says with one tap: filled from the job, in signs that a text has cheaply.
import { screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Row } from '../../src/api/types';
import { useZone } from '../../src/app/format';
import { phone } from '../../src/app/media.svelte';
import Composer from '../../src/features/composer/Composer.svelte';
import { segments } from '../../src/features/composer/segments';
import { fieldTaps, wayTaps, type Visit } from '../../src/features/field/taps';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, until } from './setup';

const NOW = Date.parse('2026-11-20T15:00:00Z');
const job = {
  id: 'J',
  number: 1,
  title: 'Water heater',
  status: 'scheduled',
  scheduled_at: '2026-11-20T19:00:00Z',
};
const visit = (more: Partial<Visit['row']> = {}, technician = 'Ray Ortiz'): Visit => ({
  row: { customer: { id: 'C', name: 'Maria Delgado' }, job: job as Row['job'], ...more },
  technician,
  now: NOW,
});
const textOf = (given: Visit, id: string) => fieldTaps(given).find((tap) => tap.id === id)?.text;

beforeEach(() => useZone('America/New_York'));

describe('what it says', () => {
  it('is who comes, to whom, and for when', () => {
    expect(textOf(visit(), 'field-late')).toBe(
      "Hi Maria, this is Ray. I'm running about 20 minutes late for your 2:00 PM visit. Sorry for the wait.",
    );
    expect(wayTaps(visit()).find(({ label }) => label === '15 min')?.text).toBe(
      "Hi Maria, this is Ray. I'm on my way and should be there in about 15 minutes.",
    );
  });

  it('leaves out what is not known, and a time of another day', () => {
    expect(textOf(visit({ customer: null }), 'field-outside')).toBe("Hi, this is Ray. I'm outside.");
    const other = { ...job, scheduled_at: '2026-11-21T19:00:00Z' } as Row['job'];
    for (const one of [other, null]) expect(textOf(visit({ job: one }), 'field-late')).not.toContain('visit');
  });

  it('is one part of a text, whatever apostrophe is in a name', () => {
    const given = visit({ customer: { id: 'C', name: 'D’Artagnan Dupont' } }, 'Seán O’Neill');
    const all = [...fieldTaps(visit()), ...wayTaps(visit())].flatMap(({ text }) => text ?? []);
    for (const text of [...all, textOf(visit({ customer: { id: 'C', name: 'D’Artagnan' } }), 'field-over')!])
      expect([text, segments(text)]).toEqual([
        text,
        expect.objectContaining({ encoding: 'GSM-7', parts: 1 }),
      ]);
    expect(textOf(given, 'field-outside')).toContain("Hi D'Artagnan");
  });
});

describe('the buttons', () => {
  let inbox: Inbox;
  let row: Row;
  const sent = () =>
    mock.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/messages'));

  beforeEach(async () => {
    vi.spyOn(phone, 'current', 'get').mockReturnValue(true);
    inbox = await openInbox();
    inbox.viewer.me = { ...inbox.viewer.me!, role: 'technician', name: 'Ray Ortiz' };
    row = [...inbox.conversations.known.values()].find(
      ({ job_ahead, customer }) => job_ahead && customer,
    ) as Row;
    mock.requests.length = 0;
  });
  afterEach(() => {
    inbox.stop();
    vi.restoreAllMocks();
  });

  const draw = async () => {
    const thread = inbox.threads.open(row.id);
    await until(() => thread.state === 'ready');
    drawIn(inbox, Composer, { thread, row });
  };

  it('are a technician’s, on a phone; “On my way” asks for the minutes, and one tap sends, to be taken back', async () => {
    await draw();
    (await screen.findByRole('button', { name: 'On my way' })).click();
    (await screen.findByRole('button', { name: /^20 min: Hi/ })).click();
    await until(() => sent().length > 0);
    await until(() => inbox.sending.outbox.of(row.id).length === 0);
    expect(sent().map(({ body }) => body)).toEqual([
      expect.objectContaining({ text: expect.stringMatching(/about 20 minutes\.$/), undo_s: 5 }),
    ]);
    await screen.findByRole('button', { name: /^I’m outside: Hi/ });
  });

  it('are not the office’s', async () => {
    inbox.viewer.me = { ...inbox.viewer.me!, role: 'office' };
    mock.quick = {
      quick_replies: [{ id: '01JD0000000000000000000001', text: 'Thanks' }] as never[],
      version: 1,
    };
    await draw();
    await screen.findByRole('button', { name: 'Thanks' });
    expect(screen.queryByRole('button', { name: 'On my way' })).toBeNull();
  });
});
