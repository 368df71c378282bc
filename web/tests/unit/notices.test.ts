// Whom an open window tells of a customer's message: nobody who is off today.
import { expect, it, vi } from 'vitest';

import type { Me } from '../../src/api/types';
import { Notices } from '../../src/features/notifications/notices';
import { Viewer } from '../../src/features/session/viewer.svelte';
import type { Live, LiveEvent } from '../../src/live/live.svelte';
import { until } from './setup';

const texts = vi.hoisted(() => vi.fn());
vi.mock('../../src/features/notifications/tell', () => ({ tell: { texts, read: vi.fn(), clear: vi.fn() } }));
vi.mock('../../src/features/notifications/wish', () => ({ wakes: () => true }));

const LUIS = '01JD0000000000000000000003';
const HOUR = 3_600_000;

it('tells nobody who is off today, and tells them again once that is over', async () => {
  let hear: (batch: LiveEvent[]) => void = () => undefined;
  const listen = (to: typeof hear) => ((hear = to), () => undefined);
  const line = { leads: true, listen, onFront: () => undefined, inFront: () => Promise.resolve(false) };
  const viewer = new Viewer();
  const offUntil = (off_until: string | null) =>
    (viewer.me = { id: LUIS, staff: [{ id: LUIS, name: 'Luis', off_until }] } as unknown as Me);
  new Notices(line as unknown as Live, viewer);
  const message = { direction: 'in', kind: 'customer' };
  const text = [{ type: 'message.created', data: { message, conversation: {} } }] as unknown as LiveEvent[];
  offUntil(new Date(Date.now() + HOUR).toISOString());
  hear(text);
  offUntil(new Date(Date.now() - HOUR).toISOString());
  hear(text);
  await until(() => texts.mock.calls.length > 0);
  expect(texts, 'only the second one').toHaveBeenCalledTimes(1);
});
