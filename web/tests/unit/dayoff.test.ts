import { cleanup, render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { BulkProgress, Me, OffToday } from '../../src/api/types';
import { now } from '../../src/app/now.svelte';
import { router } from '../../src/app/router.svelte';
import { Giving } from '../../src/features/dayoff/giving.svelte';
import { Marking } from '../../src/features/dayoff/marking.svelte';
import { isOff } from '../../src/features/dayoff/off';
import { tellOff } from '../../src/features/dayoff/tell';
import Wanting from '../../src/features/dayoff/Wanting.svelte';
import { Toasts } from '../../src/features/toasts/toasts.svelte';
import { until } from './setup';

const LUIS = { id: '01J0000000000000000000LU1S', name: 'Luis Ortega' };
const MARTA = { id: '01J0000000000000000000MART', name: 'Marta Ruiz' };
const soon = () => new Date(now.exact() + 3_600_000).toISOString();

const bulk = (more: Partial<BulkProgress> = {}): BulkProgress => ({
  id: '01J0000000000000000000BVLK',
  act: 'assign',
  total: 25,
  gathering: false,
  done: 20,
  failed: [],
  next: true,
  stopped: false,
  undo: null,
  ...more,
});

/** What was asked for, in order, and what is answered to it. */
let asked: string[];
let answers: (path: string, body: Record<string, unknown>) => unknown;
const native = globalThis.fetch;

beforeEach(() => {
  asked = [];
  globalThis.fetch = (async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const path = new URL(String(input), location.origin).pathname;
    asked.push(`${init.method ?? 'GET'} ${path.replace('/api/', '')}`);
    const text = typeof init.body === 'string' ? init.body : '{}';
    const answer = answers(path, JSON.parse(text) as Record<string, unknown>);
    if (answer === undefined) return new Response(null, { status: 204 });
    return Response.json(answer);
  }) as typeof fetch;
});
afterEach(() => {
  globalThis.fetch = native;
  cleanup();
});

test('the mark is worked to its end, told with its number, and taken back whole', async () => {
  const toasts = new Toasts();
  answers = (path, body) => {
    if (path.endsWith('/day-off'))
      return { person: LUIS, off_until: body['off'] ? soon() : null, release: body['off'] ? bulk() : null };
    if (path.endsWith('/next')) return bulk({ done: 25, next: false });
    return bulk({ undo: { done: 25, failed: [], next: false } });
  };
  expect(await new Marking(toasts).mark(LUIS, true)).toBe(true);
  expect(toasts.shown.at(-1)?.text).toBe('Luis is off. 25 threads are free now.');
  toasts.undo();
  await until(() => toasts.shown.at(-1)?.text === 'Luis is back, with 25 conversations.');
  const mark = `PUT staff/${LUIS.id}/day-off`;
  const ofBulk = (step: string) => `POST bulk/${bulk().id}/${step}`;
  expect(asked).toEqual([mark, ofBulk('next'), mark, ofBulk('undo')]);
});

test('it ends by itself at its time', () => {
  expect(isOff({ off_until: null })).toBe(false);
  expect(isOff({ off_until: soon() })).toBe(true);
  expect(isOff({ off_until: new Date(now.ms).toISOString() })).toBe(false);
});

test('the office hears once of whoever is off by now, and of nobody else', () => {
  router.go('/conversations');
  const toasts = new Toasts();
  const colleague = (person: typeof LUIS, off_until: string | null) => ({
    ...person,
    role: 'technician' as const,
    off_until,
  });
  const me = (may: Me['may'], off: string | null) =>
    ({ id: 'ana', may, staff: [colleague(LUIS, off), colleague(MARTA, null)] }) as unknown as Me;
  const before = [colleague(LUIS, null), colleague(MARTA, null)];
  tellOff({ me: me([], soon()), before, toasts });
  expect(toasts.shown).toEqual([]);
  tellOff({ me: me(['browse'], soon()), before, toasts });
  expect(toasts.shown.map(({ text }) => text)).toEqual(['Luis is off today']);
  tellOff({ me: me(['browse'], soon()), before: [colleague(LUIS, soon()), before[1]!], toasts });
  expect(toasts.shown).toHaveLength(1);
  toasts.open(toasts.shown[0]!);
  expect(router.path).toBe('/settings/off-today');
});

test('jobs and conversations are given in one go; a job is the other’s before it is nobody’s', async () => {
  const one: OffToday = {
    person: LUIS,
    role: 'technician',
    off_until: soon(),
    jobs: ['1', '2'].map((n) => ({
      id: `job${n}`,
      number: 1040 + Number(n),
      title: 'Heater',
      status: 'scheduled' as const,
      starts_at: null,
      customer_name: 'Maria Delgado',
    })),
    conversations: [{ id: 'c1', name: 'Maria Delgado', attention: true }],
  };
  answers = (path) => {
    if (path === '/api/day-off') return { people: [one] };
    if (path === '/api/bulk') return bulk({ done: 1, total: 1, next: false });
    // Marta works on the second one already.
    if (/jobs\/job.$/.test(path)) return { crew: path.endsWith('2') ? [LUIS, MARTA] : [LUIS] };
    return path.includes('/assignments/') ? undefined : bulk();
  };
  const toasts = new Toasts();
  const giving = new Giving(toasts);
  await until(() => giving.known !== null);
  const there = [{ ...MARTA, role: 'technician' as const, off_until: null }];
  render(Wanting, { giving, one, there, busy: false, onback: () => undefined });
  asked = [];
  const jobs = screen.getByRole('heading', { name: '2 jobs today' }).closest('form')!;
  await userEvent.selectOptions(within(jobs).getByLabelText('Give the jobs of Luis Ortega to'), MARTA.id);
  await userEvent.click(within(jobs).getByRole('button', { name: 'Give them' }));
  await until(() => toasts.shown.at(-1)?.text === '2 jobs are Marta’s now.');
  const changed = () => asked.filter((it) => it.includes('/assignments/'));
  expect(changed()).toEqual([
    `PUT jobs/job1/assignments/${MARTA.id}`,
    `DELETE jobs/job1/assignments/${LUIS.id}`,
    `DELETE jobs/job2/assignments/${LUIS.id}`,
  ]);
  await until(() => !giving.busy);
  asked = [];
  toasts.undo();
  await until(() => toasts.shown.at(-1)?.text === '2 jobs are as they were.');
  expect(changed(), 'whoever worked on one before works on it still').toEqual([
    `PUT jobs/job1/assignments/${LUIS.id}`,
    `DELETE jobs/job1/assignments/${MARTA.id}`,
    `PUT jobs/job2/assignments/${LUIS.id}`,
  ]);
  await until(() => !giving.busy);
  const threads = screen.getByRole('heading', { name: '1 conversation' }).closest('form')!;
  const to = within(threads).getByLabelText('Give the conversations of Luis Ortega to');
  await userEvent.selectOptions(to, MARTA.id);
  await userEvent.click(within(threads).getByRole('button', { name: 'Give them' }));
  await until(() => toasts.shown.at(-1)?.text === '1 conversation is Marta’s now.');
});

test('what breaks off half-way is told of, and undone as far as it came', async () => {
  answers = (path) => {
    if (path === '/api/day-off') return { people: [] };
    if (/jobs\/job.$/.test(path)) return { crew: [LUIS] };
    if (path.includes('job2/assignments')) throw Object.assign(new Error('refused'), { refused: true });
    return undefined;
  };
  const failing = globalThis.fetch;
  globalThis.fetch = (async (input: RequestInfo | URL, init?: RequestInit) => {
    try {
      return await failing(input, init);
    } catch {
      return Response.json({ type: 'urn:porchlight:problem:forbidden', title: 'Not yours' }, { status: 403 });
    }
  }) as typeof fetch;
  const toasts = new Toasts();
  const giving = new Giving(toasts);
  await until(() => giving.known !== null);
  await giving.giveJobs(LUIS, MARTA, ['job1', 'job2']);
  const told = toasts.shown.map(({ text }) => text);
  expect(told.slice(-2)).toEqual([
    '1 job is Marta’s now.',
    expect.stringMatching(/^That did not go through: /),
  ]);
  asked = [];
  toasts.undo();
  await until(() => toasts.shown.at(-1)?.text === '1 job is as it was.');
  expect(asked.filter((it) => it.includes('/assignments/'))).toEqual([
    `PUT jobs/job1/assignments/${LUIS.id}`,
    `DELETE jobs/job1/assignments/${MARTA.id}`,
  ]);
});
