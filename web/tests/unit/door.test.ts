// What cannot wait, and what the person at the door needs to know.
import { screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';

import type { Conversation, Row } from '../../src/api/types';
import CustomerCard from '../../src/features/customer/CustomerCard.svelte';
import { Inbox } from '../../src/inbox.svelte';
import { drawIn } from './inbox';
import { mock } from './setup';

let inbox: Inbox;
const rowOf = (name: string) =>
  [...inbox.conversations.known.values()].find((one) => one.name === name) as Row;

beforeEach(async () => {
  inbox = new Inbox();
  await inbox.list.load();
});

describe('an emergency', () => {
  const sunday = Date.parse('2026-11-22T10:00:00Z');
  const emergency = (more: Partial<Row> = {}): Row => ({
    ...rowOf('Tom Beck'),
    waiting_since: new Date(sunday - 1000).toISOString(),
    ...more,
  });

  it('is red at once, at any hour', async () => {
    const opens = mock.hours;
    mock.hours = { ...opens, week: Object.fromEntries(Object.keys(opens.week).map((day) => [day, []])) };
    await inbox.waits.load();
    mock.hours = opens;
    expect(inbox.waits.urgency(emergency({ emergency: false }), sunday)).toBe('');
    expect(inbox.waits.urgency(emergency(), sunday)).toBe('red');
    expect(inbox.waits.urgency(emergency({ channel: 'email' }), sunday)).toBe('red');
  });

  it('is calm once somebody has answered', () =>
    expect(inbox.waits.urgency(emergency({ attention: false, waiting_since: null }), sunday)).toBe(''));
});

describe('the customer’s panel', () => {
  const draw = (who: string) => {
    inbox.welcome(mock.world.me(who));
    const row = rowOf('Maria Delgado');
    const facts = mock.world.details.get(row.id);
    const customer_detail = { ...facts.customer_detail, access_notes: 'Gate code 4417, the dog is friendly' };
    drawIn(inbox, CustomerCard, {
      row,
      details: { ...row, ...facts, customer_detail, cost: [] } as unknown as Conversation,
    });
  };

  it('tells a technician how to get in, and no prices', () => {
    draw('luis@harbor.example');
    expect(screen.getByText('Gate code 4417, the dog is friendly')).toBeTruthy();
    expect(screen.getByText('Heater leak, warranty')).toBeTruthy();
    expect(document.body.textContent).not.toMatch(/\$|Balance/);
  });

  it('tells the office both', () => {
    draw('ana@harbor.example');
    expect(screen.getByText('Gate code 4417, the dog is friendly')).toBeTruthy();
    expect(screen.getByText('$2,480.00')).toBeTruthy();
    expect(screen.getByText('Balance')).toBeTruthy();
  });
});
