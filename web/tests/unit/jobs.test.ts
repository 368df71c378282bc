// The jobs of a day: what is told of each, and how they follow what happens.
import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it } from 'vitest';

import type { WorkdayJob } from '../../src/api/types';
import { router } from '../../src/app/router.svelte';
import { useZone } from '../../src/app/format';
import { named, jobHere } from '../../src/features/conversations/address';
import JobsPage from '../../src/features/jobs/JobsPage.svelte';
import { lookOf, timeOf } from '../../src/features/jobs/words';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, network, until } from './setup';

const TODAY = '2026-11-20';

/** As a person reads it: some blanks are narrow. */
const told = (job: WorkdayJob) => timeOf(job).replace(/\s/g, ' ');

const jobOf = (change: Partial<WorkdayJob> = {}): WorkdayJob => ({
  id: '01JD0000000000000000000042',
  number: 1042,
  title: 'Heater leak',
  status: 'scheduled',
  day: TODAY,
  current: false,
  starts_at: '2026-11-20T19:00:00.000Z',
  ends_at: '2026-11-20T21:00:00.000Z',
  ended_at: null,
  customer: { id: '01JD0000000000000000000001', name: 'Maria Delgado' },
  address: '18 Clifton St',
  access_notes: 'Dog in the yard',
  contacts: ['+12075550188', '+12075550189'],
  numbers: [
    {
      contact: '+12075550188',
      label: 'Cell',
      channel: 'sms',
      cannot_text: false,
      conversation_id: '0'.repeat(32),
      unread: 2,
    },
    {
      contact: '+12075550189',
      label: 'Home',
      channel: 'sms',
      cannot_text: false,
      conversation_id: null,
      unread: 0,
    },
  ],
  crew: [],
  facts: [],
  ...change,
});

let inbox: Inbox;
beforeEach(async () => {
  mock.workday = { today: TODAY, time_zone: 'America/New_York', jobs: [jobOf()], more: false };
  inbox = await openInbox();
});
afterEach(() => inbox.stop());

const draw = (address: string) => {
  router.go(address);
  drawIn(inbox, JobsPage, {});
};

it('a job says when it is, and where it stands', () => {
  useZone('America/New_York');
  expect(told(jobOf({ ends_at: null }))).toBe('2:00 PM');
  expect(told(jobOf())).toBe('2:00 PM–4:00 PM');
  expect(told(jobOf({ starts_at: null, ends_at: null }))).toBe('No time yet');
  expect(told(jobOf({ status: 'completed', ended_at: '2026-11-20T12:40:00.000Z' }))).toBe('Done 7:40 AM');
  expect(lookOf(jobOf({ starts_at: null })).words).toBe('Not scheduled');
});

it('the address names the conversation, and the job that it was opened from', () => {
  router.go(`/jobs/J1/conversations/${'a'.repeat(32)}`);
  expect([named().id, jobHere()]).toEqual(['a'.repeat(32), 'J1']);
  router.go(`/conversations/${'a'.repeat(32)}`);
  expect([named().id, jobHere()]).toEqual(['a'.repeat(32), undefined]);
  router.go('/jobs/J1');
  expect(named().id).toBe(null);
});

it('what changes is there without a reload', async () => {
  draw('/jobs');
  await screen.findByText('Maria Delgado');
  mock.workday = { ...mock.workday, jobs: [] };
  mock.emit('jobs.updated', () => ({}));
  await screen.findByText('No jobs today or tomorrow');
});

it('jobs that did not load say why, and are asked for again', async () => {
  network.on = false;
  draw('/jobs');
  const again = await screen.findByRole('button', { name: 'Try again' });
  network.on = true;
  await fireEvent.click(again);
  await screen.findByText('Maria Delgado');
});

it('of several numbers one is chosen, and one without a thread is the office’s to begin', async () => {
  draw(`/jobs/${jobOf().id}/conversations`);
  const cell = await screen.findByRole('link', { name: /Cell.*2 unread/ });
  expect(cell.getAttribute('href')).toBe(`/jobs/${jobOf().id}/conversations/${'0'.repeat(32)}`);
  const home = screen.getByRole('link', { name: /Home.*The office starts it/ });
  expect(home.getAttribute('aria-disabled')).toBe('true');
});

it('a message carries the job from which it is written', async () => {
  const row = [...inbox.conversations.known.values()].find(({ may }) => may.includes('write'))!;
  router.go(`/jobs/${jobOf().id}/conversations/${row.id}`);
  inbox.sending.send(row, 'On my way');
  const posted = () => mock.requests.find(({ body }) => body?.text === 'On my way');
  await until(posted);
  expect(posted()?.body).toMatchObject({ job_id: jobOf().id });
});
