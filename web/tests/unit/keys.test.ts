// Single keys, before and after what they do has been fetched.
import { userEvent } from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';

import type { Command, Commands } from '../../src/app/feature';
import { frame } from '../../src/app/frame.svelte';
import { keyOf } from '../../src/app/pressed';
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

it.each([
  ['Latin', 'j', 'KeyJ', 'j'],
  ['Latin with the letters elsewhere', 'j', 'KeyC', 'j'],
  ['Latin with marks', 'é', 'Digit2', 'é'],
  ['Cyrillic', 'о', 'KeyJ', 'j'],
  ['Cyrillic with Shift', 'О', 'KeyJ', 'j'],
  ['Greek', 'ξ', 'KeyJ', 'j'],
  ['Hebrew', 'ח', 'KeyJ', 'j'],
  ['Arabic, two letters by one key', 'لا', 'KeyB', 'b'],
  ['Thai, a mark', '่', 'KeyJ', 'j'],
  ['Cyrillic in the place of a bracket', 'ъ', 'BracketRight', ']'],
  ['Cyrillic by its sign', '/', 'Backslash', '/'],
  ['a key with a name', 'ArrowDown', 'ArrowDown', 'arrowdown'],
])('a key of a layout is known: %s', (_, key, code, known) =>
  expect(keyOf(new KeyboardEvent('keydown', { key, code }))).toBe(known),
);

it('single keys, and Ctrl K, go by place on a layout without Latin letters', async () => {
  const reply = vi.fn();
  const command: Command = { id: 'r', label: 'Reply', icon: 'bubble', key: 'R', scope: 'here', run: reply };
  drawIn(new Inbox(), Keys, { sets: () => Promise.resolve([() => () => [command]]) });
  const press = (key: string, code: string, more = {}) =>
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, ...more }));
  press('к', 'KeyR');
  await until(() => reply.mock.calls.length === 1);
  press('л', 'KeyK', { ctrlKey: true });
  expect(frame.palette).toBe(true);
  frame.palette = false;
});
