import { cleanup, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Audience, AudiencePerson } from '../../src/api/types';
import Sees from '../../src/features/audience/Sees.svelte';
import AudienceDialog from '../../src/features/audience/AudienceDialog.svelte';
import { lineOf, wakesNobody } from '../../src/features/audience/words';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { network } from './setup';

let inbox: Inbox;
beforeEach(async () => {
  inbox = await openInbox();
});
afterEach(() => {
  inbox.stop();
  cleanup();
});

const person = (name: string, more: Partial<AudiencePerson> = {}): AudiencePerson => ({
  id: name,
  name,
  office: false,
  sees_part: false,
  push: 'woken',
  ...more,
});
const crew = (...names: string[]): Audience => ({
  office: { people: 2, woken: 0 },
  people: names.map((name) => person(name)),
});

test('the line names the crew and counts whoever finds no room, oneself last', () => {
  expect(lineOf(crew('Luis Ortega', 'Marta Ruiz'), 'Ana')).toBe('Office + Luis, Marta');
  expect(lineOf(crew('Luis Ortega', 'Marta Ruiz'), 'Luis Ortega')).toBe('Office + Marta, you');
  expect(lineOf(crew('A', 'B', 'C', 'D', 'E'), null)).toBe('Office + A, B, C and 2 more');
  expect(lineOf(crew(), null)).toBe('Office');
  expect(lineOf({ office: null, people: [person('Ana'), person('Luis')] }, 'Ana')).toBe('Luis, you');
  const office = { ...crew('Luis'), people: [person('Luis'), person('Ben', { office: true })] };
  expect(lineOf(office, null)).toBe('Office + Luis');
});

test('that nobody is woken is told of the office and the crew together', () => {
  expect(wakesNobody(crew('Luis'))).toBe(false);
  expect(wakesNobody({ ...crew(), office: { people: 2, woken: 1 } })).toBe(false);
  expect(wakesNobody({ ...crew(), people: [person('Luis', { push: 'quiet' })] })).toBe(true);
});

test('whoever writes reads who sees it, and opens the list of them', async () => {
  const row = inbox.list.rows[0]!;
  drawIn(inbox, Sees, { row });
  const line = await screen.findByRole('button', { name: /^Who sees this: Office \+ .*wakes nobody$/ });
  await userEvent.click(line);
  drawIn(inbox, AudienceDialog, { id: row.id, onclose: () => undefined });
  expect((await screen.findAllByText('No device')).length).toBeGreaterThan(0);
});

test('a list that does not come says so, and comes at the next try', async () => {
  network.on = false;
  drawIn(inbox, AudienceDialog, { id: inbox.list.rows[0]!.id, onclose: () => undefined });
  await screen.findByText('Who sees this did not load');
  network.on = true;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('heading', { name: /^Office/ });
});
