// Single keys, before and after what they do has been fetched.
import { userEvent } from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';

import type { Command, Commands } from '../../src/app/feature';
import Keys from '../../src/features/keys/Keys.svelte';
import { Inbox } from '../../src/inbox.svelte';
import { drawIn } from './inbox';
import { until } from './setup';

it('a key that is quicker than its command waits for it; what is typed behind it is no command', async () => {
  const [search, undo] = [vi.fn(), vi.fn()];
  const command = (key: string, run: () => void): Command => ({
    id: key,
    label: key,
    icon: 'search',
    key,
    scope: 'anywhere',
    run,
  });
  let fetched = (_: Commands[]): void => undefined;
  const coming = new Promise<Commands[]>((resolve) => (fetched = resolve));
  drawIn(new Inbox(), Keys, { sets: () => coming });
  await userEvent.keyboard('/z');
  expect(search).not.toHaveBeenCalled();
  fetched([() => () => [command('/', search), command('Z', undo)]]);
  await until(() => search.mock.calls.length === 1);
  expect(undo).not.toHaveBeenCalled();
  await userEvent.keyboard('z');
  expect(undo).toHaveBeenCalledOnce();
});
