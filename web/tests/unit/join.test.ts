// Whoever comes by a link, and whoever may do less by now.
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';

import App from '../../src/App.svelte';
import { router } from '../../src/app/router.svelte';
import { Session } from '../../src/features/session/session.svelte';
import { Inbox } from '../../src/inbox.svelte';
import { openInbox } from './inbox';
import { mock, until } from './setup';

it('after a gap in the feed, what the reader may do is read again (P7, P8)', async () => {
  const inbox = await openInbox();
  const before = mock.world.me('ana@harbor.example');
  const world = vi.spyOn(mock.world, 'me');
  world.mockReturnValue({ ...before, permissions: { ...before.permissions, texting: false } });
  mock.emit('reload', () => ({ reason: 'gap' }));
  await until(() => inbox.viewer.me?.permissions.texting === false);
  world.mockRestore();
  inbox.stop();
});

it('nobody comes by a link under the inbox of a colleague, and another link in the tab is another invitation', async () => {
  const session = new Session(() => new Inbox());
  await session.begin();
  expect(session.state).toBe('in');
  history.replaceState(null, '', '/conversations#first');
  router.go('/invite', { replace: true });
  location.hash = 'first';
  const real = globalThis.fetch;
  const asked: string[] = [];
  const fetching = vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    if (!String(input).endsWith('/api/invites/look')) return real(input, init);
    const { token } = JSON.parse(String(init?.body)) as { token: string };
    asked.push(token);
    const to = { business_name: token, invited_by: 'Dana', email: 'nora@harbor.example', role: 'office' };
    return Promise.resolve(Response.json({ ...to, ends_at: '2026-11-27T10:00:00Z' }));
  });
  render(App, { session });
  await screen.findByText(/^You are signed in as Ana/);
  expect(screen.queryByLabelText('Your name')).toBeNull();

  await fireEvent.click(screen.getByRole('button', { name: 'Sign out' }));
  await screen.findByLabelText('Your name');
  expect(screen.getByRole('heading', { name: 'Join first' })).toBeTruthy();
  expect([router.path, location.hash]).toEqual(['/invite', '#first']);
  expect(session.state).toBe('out');

  location.hash = 'second';
  await screen.findByRole('heading', { name: 'Join second' });
  expect(asked.at(-1)).toBe('second');
  fetching.mockRestore();
});
