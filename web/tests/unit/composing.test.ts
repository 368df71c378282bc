// While an input method makes a word, its keys (Enter takes a word, arrows choose, Escape gives up) act nowhere.
import { screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { createRawSnippet, tick } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { Command } from '../../src/app/feature';
import { frame } from '../../src/app/frame.svelte';
import Menu from '../../src/app/Menu.svelte';
import { router } from '../../src/app/router.svelte';
import CloseDialog from '../../src/features/acts/CloseDialog.svelte';
import Composer from '../../src/features/composer/Composer.svelte';
import ListPane from '../../src/features/conversations/ListPane.svelte';
import Keys from '../../src/features/keys/Keys.svelte';
import Palette from '../../src/features/palette/Palette.svelte';
import SignIn from '../../src/features/session/SignIn.svelte';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { until } from './setup';

let inbox: Inbox;
beforeEach(async () => {
  inbox = await openInbox();
  return () => inbox.stop();
});

/** As browsers tell it, and as Safari tells of the key that has just ended the composition. */
const WAYS = [{ isComposing: true }, { isComposing: false, keyCode: 229 }];

/** Presses a key during composition; whether the browser was kept from acting on it. */
function compose(target: Element | Window, key: string, more: object = {}): boolean[] {
  return WAYS.map((way) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...way, ...more });
    target.dispatchEvent(event);
    return event.defaultPrevented;
  });
}

const command = (run: () => void): Command => ({
  id: 'one',
  label: 'Do it',
  icon: 'search',
  key: 'Q',
  scope: 'anywhere',
  run,
});

describe('during composition', () => {
  it('the palette runs nothing, moves to nothing and stays', () => {
    const run = vi.fn();
    frame.palette = true;
    drawIn(inbox, Palette, { sets: [() => () => [command(run), { ...command(run), id: 'two' }]] });
    const box = screen.getByRole('combobox');
    const chosen = box.getAttribute('aria-activedescendant');
    for (const key of ['ArrowDown', 'End', 'Enter', 'Escape']) compose(box, key);
    expect(run).not.toHaveBeenCalled();
    expect(frame.palette).toBe(true);
    expect(box.getAttribute('aria-activedescendant')).toBe(chosen);
    frame.palette = false;
  });

  it('the search keeps its words and steps to no row', () => {
    drawIn(inbox, ListPane, { open: null });
    inbox.list.choose({ q: 'かん' });
    const box = screen.getByRole<HTMLInputElement>('searchbox');
    box.focus();
    expect(compose(box, 'Escape')).toEqual([true, true]);
    for (const key of ['Enter', 'ArrowDown']) compose(box, key);
    expect(inbox.list.query.q).toBe('かん');
    expect(document.activeElement).toBe(box);
    expect(inbox.list.cursor).toBeNull();
  });

  it('an open menu chooses nothing and stays open', async () => {
    const run = vi.fn();
    const children = createRawSnippet(() => ({ render: () => '<i></i>' }));
    drawIn(inbox, Menu, { label: 'More', items: [{ label: 'Close', run }], children });
    await userEvent.click(screen.getByRole('button', { name: 'More' }));
    const item = await screen.findByRole('menuitem');
    for (const key of ['Escape', 'Tab', 'ArrowDown', 'c', 'Enter']) compose(item, key);
    await tick();
    expect(screen.getByRole('menu')).toBeTruthy();
    expect(run).not.toHaveBeenCalled();
  });

  it('a dialog is not closed', () => {
    const row = [...inbox.conversations.known.values()][0]!;
    inbox.acts.closing = row;
    drawIn(inbox, CloseDialog, { row });
    expect(compose(screen.getByRole('dialog'), 'Escape')).toEqual([true, true]);
    expect(inbox.acts.closing).toBe(row);
    inbox.acts.closing = null;
  });

  it('the composer sends nothing, and Enter stays the input method’s', async () => {
    const row = [...inbox.conversations.known.values()].find(({ name }) => name === 'Joy Carter')!;
    const thread = inbox.threads.open(row.id);
    await until(() => thread.state === 'ready');
    drawIn(inbox, Composer, { thread, row });
    const box = screen.getByRole<HTMLTextAreaElement>('textbox');
    await userEvent.type(box, 'かんじ');
    expect(compose(box, 'Enter')).toEqual([false, false]);
    expect(box.value).toBe('かんじ');
    expect(inbox.sending.outbox.of(thread.id)).toEqual([]);
  });

  it('no key of the window is heard', () => {
    const run = vi.fn();
    frame.back = vi.fn();
    drawIn(inbox, Keys, { sets: () => Promise.resolve([() => () => [command(run)]]) });
    compose(document.body, 'q');
    compose(document.body, 'Escape');
    compose(document.body, 'k', { ctrlKey: true });
    expect(run).not.toHaveBeenCalled();
    expect(frame.back).not.toHaveBeenCalled();
    expect(frame.palette).toBe(false);
    frame.back = null;
  });

  it('Enter in a field sends no form', () => {
    drawIn(inbox, SignIn, { ended: false });
    for (const name of ['Email', 'Password'])
      expect(compose(screen.getByLabelText(name), 'Enter')).toEqual([true, true]);
    expect(router.path).toBe('/conversations');
  });
});
