// Settings → Unopened messages: how the push ladder waits is an admin's to say, and what comes of it stands there in words.
import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it } from 'vitest';

import LadderPage from '../../src/features/ladder/LadderPage.svelte';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, until } from './setup';

const ladder = (enabled: boolean, text: number, alert: number) => ({
  enabled,
  text_after_minutes: text,
  alert_after_minutes: alert,
});
let inbox: Inbox;

beforeEach(async () => {
  mock.ladder = ladder(false, 10, 10);
  mock.world.staff[0].role = 'admin';
  inbox = await openInbox();
});
afterEach(() => inbox.stop());

const type = async (name: string, value: string) =>
  fireEvent.input(screen.getByRole('spinbutton', { name: new RegExp(`^${name}`) }), { target: { value } });
const save = async () => fireEvent.click(screen.getByRole('button', { name: 'Save' }));

it('is off until somebody says otherwise, says what happens when, and is saved as it is said', async () => {
  drawIn(inbox, LadderPage, {});
  await fireEvent.click(await screen.findByRole('switch', { name: /^Tell somebody else: off/i }));
  await type('Text the crew after', '5');
  await type('Then tell the office after', '1');
  screen.getByText(/^Nobody on the job has opened it for 5 minutes: whoever of them agreed/);
  screen.getByText('Still nobody 1 minute later: the office is told.');
  await until(() => mock.ladder.enabled);
  expect(mock.ladder, 'the switch at once, times when they are saved').toEqual(ladder(true, 10, 10));
  await save();
  await until(() => mock.ladder.text_after_minutes === 5);
  await screen.findByText('Saved');
  expect(mock.ladder).toEqual(ladder(true, 5, 1));
});

it('takes no wait that is none', async () => {
  mock.ladder = ladder(true, 10, 10);
  drawIn(inbox, LadderPage, {});
  await screen.findByText(/^Nobody on the job/);
  for (const wrong of ['', '0', '481', '2.5']) {
    await type('Text the crew after', wrong);
    screen.getByText(/^Each wait is a whole number of minutes/);
    await save();
  }
  await type('Text the crew after', '480');
  expect(screen.queryByText(/^Each wait/)).toBe(null);
  expect(mock.ladder).toEqual(ladder(true, 10, 10));
});

it('is switched off with a field that is empty, and leaves the times as they were', async () => {
  mock.ladder = ladder(true, 10, 20);
  drawIn(inbox, LadderPage, {});
  await screen.findByText(/^Nobody on the job/);
  await type('Text the crew after', '');
  const field = screen.getByRole('spinbutton', { name: /^Text the crew after/ });
  expect(field.getAttribute('aria-invalid')).toBe('true');
  await fireEvent.click(screen.getByRole('switch', { name: /^Tell somebody else: on/i }));
  await until(() => !mock.ladder.enabled);
  expect(mock.ladder).toEqual(ladder(false, 10, 20));
});

it('says that it was not saved, and keeps what was typed', async () => {
  drawIn(inbox, LadderPage, {});
  await screen.findByRole('switch', { name: /^Tell somebody else: off/i });
  mock.world.staff[0].role = 'office';
  await fireEvent.click(screen.getByRole('switch', { name: /^Tell somebody else: off/i }));
  await screen.findByText(/^Not saved: /);
  screen.getByRole('switch', { name: /^Tell somebody else: on/i });
  mock.world.staff[0].role = 'admin';
  await save();
  await until(() => mock.ladder.enabled);
});
