// Whether the server can be reached at all.
import { expect, it, vi } from 'vitest';

import { preferences } from '../../src/app/preferences.svelte';
import { Session } from '../../src/features/session/session.svelte';
import { Inbox } from '../../src/inbox.svelte';
import { mock, network } from './setup';

const session = new Session(() => new Inbox());

it('while the server is out of reach its page stays from one try to the next', async () => {
  preferences.person = mock.world.me('ana@harbor.example').id;
  network.on = false;
  await session.begin();
  expect(session.state).toBe('unreachable');

  const tried = vi.spyOn(globalThis, 'fetch');
  const again = session.begin();
  expect(tried).toHaveBeenCalled();
  expect(session.state).toBe('unreachable');
  await again;
  expect(session.state).toBe('unreachable');

  network.on = true;
  await session.begin();
  expect(session.state).toBe('in');
  expect(session.inbox?.viewer.me?.id).toBe(mock.world.me('ana@harbor.example').id);
  session.inbox?.stop();
});

it('nothing leaves in the name of a colleague who signs in in another window of this browser', async () => {
  await session.begin();
  const mine = session.inbox;
  const elsewhere = (newValue: string | null) =>
    dispatchEvent(new StorageEvent('storage', { key: 'porchlight.person', newValue }));
  elsewhere(mine?.viewer.me?.id ?? null);
  expect(session.state).toBe('in');

  elsewhere(mock.world.me('ben@harbor.example').id);
  expect(session.state).toBe('ended');
  expect(session.inbox).toBe(mine);
  mine?.stop();
});
