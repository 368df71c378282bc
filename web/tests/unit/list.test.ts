// The list follows the address, and is whole again after an outage.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { router } from '../../src/app/router.svelte';
import { searchOf, type Filter } from '../../src/features/conversations/rules';
import type { Inbox } from '../../src/inbox.svelte';
import { openInbox } from './inbox';
import { mock, network, until } from './setup';

let inbox: Inbox;

const choose = (filter: Filter) => inbox.list.choose({ filter });
const names = () => inbox.list.rows.map(({ contact }) => contact).sort();
const all = () => [...mock.world.rows.values()].map(({ contact }: { contact: string }) => contact).sort();

async function begin(address = '/conversations'): Promise<void> {
  inbox = await openInbox(address);
}
afterEach(() => inbox.stop());

describe('back and forward', () => {
  beforeEach(() => begin());

  it('show the list of the address', async () => {
    choose('attention');
    choose('archived');
    await until(() => !inbox.list.stale);
    expect(names()).toEqual(['sam@whitaker.example']);
    history.back();
    await until(() => inbox.list.query.filter === 'attention' && !inbox.list.stale);
    expect(inbox.list.rows.length).toBeGreaterThan(1);
    expect(inbox.list.rows.every(({ attention }) => attention)).toBe(true);
    history.back();
    await until(() => inbox.list.query.filter === 'all' && !inbox.list.stale);
    expect(names()).toEqual(all());
  });

  it('leave the list alone on other pages', async () => {
    choose('attention');
    await until(() => !inbox.list.stale);
    router.go('/me');
    router.go(`/conversations${searchOf(inbox.list.query)}`);
    history.back();
    await until(() => router.path === '/me');
    expect(inbox.list.query.filter).toBe('attention');
  });
});

it('a list that was chosen during an outage is whole once the server is back', async () => {
  await begin('/conversations?filter=attention');
  network.on = false;
  choose('all');
  await until(() => inbox.list.failure);
  expect(inbox.list.rows.length).toBeGreaterThan(0);
  expect(inbox.list.rows.length).toBeLessThan(mock.world.rows.size);
  mock.hangUp();
  await until(() => inbox.live.state !== 'open');
  network.on = true;
  await until(() => inbox.live.state === 'open' && !inbox.list.failure);
  await until(() => inbox.list.rows.length === mock.world.rows.size);
  expect(names()).toEqual(all());
});
