// Quick replies: one tap sends one, once; kept by several people at once without losing anybody's words.
import { screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Row } from '../../src/api/types';
import Composer from '../../src/features/composer/Composer.svelte';
import { forgetEverything } from '../../src/features/outbox/journal';
import QuickPage from '../../src/features/quick/QuickPage.svelte';
import { Meanwhile, moved, Replies, written } from '../../src/features/quick/replies.svelte';
import { Writing } from '../../src/features/quick/writing.svelte';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, network, until } from './setup';

const reply = (n: number, text: string) => ({ id: `01JD000000000000000000000${n}`, text });
const [COMING, LATE] = [reply(1, 'On the way'), reply(2, 'Running late')];
let inbox: Inbox;
let row: Row;

const kept = () => mock.quick.quick_replies.map(({ text }: { text: string }) => text);
const keep = (...replies: (typeof COMING)[]) =>
  (mock.quick = { quick_replies: replies as never[], version: mock.quick.version + 1 });
const sent = () =>
  mock.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/messages'));

beforeEach(async () => {
  mock.world.drafts.clear();
  await forgetEverything(mock.world.me('ana@harbor.example').id);
  inbox = await openInbox();
  row = [...inbox.conversations.known.values()].find(({ contact }) => contact === '+12075550133') as Row;
  keep(COMING, LATE);
  mock.requests.length = 0;
});
afterEach(() => {
  inbox.stop();
  vi.restoreAllMocks();
});

describe('a tap', () => {
  const draw = async () => {
    const thread = inbox.threads.open(row.id);
    await until(() => thread.state === 'ready');
    drawIn(inbox, Composer, { thread, row });
    return screen.findByRole('button', { name: 'On the way' });
  };

  it('sends it once, held to be taken back, and leaves alone what is being written', async () => {
    const button = await draw();
    inbox.sending.draft(row.id).write('Half a sentence');
    button.click();
    button.click();
    await until(() => sent().length > 0);
    await until(() => inbox.sending.outbox.of(row.id).length === 0);
    expect(sent().map(({ body }) => body)).toEqual([
      expect.objectContaining({ text: 'On the way', undo_s: 5 }),
    ]);
    expect(inbox.sending.draft(row.id).text).toBe('Half a sentence');
  });

  it('while offline waits for the connection, and can be taken back', async () => {
    const button = await draw();
    network.on = false;
    inbox.live.online = false;
    button.click();
    await until(() => inbox.sending.outbox.of(row.id)[0]?.state === 'retrying');
    inbox.sending.withdraw(inbox.sending.outbox.of(row.id)[0]!);
    await until(() => inbox.sending.draft(row.id).text === 'On the way');
    inbox.sending.draft(row.id).write('');
  });

  it('reaches one of them; arrows reach the others', async () => {
    const button = await draw();
    const late = screen.getByRole('button', { name: 'Running late' });
    expect([button.tabIndex, late.tabIndex]).toEqual([0, -1]);
    button.focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(document.activeElement).toBe(late);
    expect(late.tabIndex).toBe(0);
    await userEvent.keyboard('{ArrowRight}');
    expect(document.activeElement).toBe(button);
  });
});

describe('several people', () => {
  it('change the list one after the other, and nobody’s words go', async () => {
    const replies = new Replies(inbox.live);
    await replies.load();
    keep(LATE, COMING, reply(3, 'By a colleague'));
    await replies.change((all) => written(all, reply(4, 'Mine'), 'Mine'));
    expect(kept()).toEqual(['Running late', 'On the way', 'By a colleague', 'Mine']);
  });

  it('add one whose answer was lost only once', async () => {
    const replies = new Replies(inbox.live);
    await replies.load();
    const add = () => replies.change((all) => written(all, reply(4, 'Mine'), 'Mine'));
    mock.faults.lost = 1;
    await expect(add()).rejects.toThrow();
    await add();
    expect(kept()).toEqual(['On the way', 'Running late', 'Mine']);
  });

  it('are told where a colleague has written other words', () => {
    expect(() => written([{ ...COMING, text: 'Theirs' }], { ...COMING, text: 'Mine' }, 'On the way')).toThrow(
      Meanwhile,
    );
    expect(moved([LATE, COMING], COMING.id, -1)).toEqual([COMING, LATE]);
    expect(moved([COMING], COMING.id, -1)).toEqual([COMING]);
  });
});

describe('the page', () => {
  it('refuses what is too long, in words, and loses none of it', async () => {
    drawIn(inbox, QuickPage, {});
    const box = await screen.findByRole<HTMLInputElement>('textbox', { name: 'New quick reply' });
    await userEvent.click(box);
    await userEvent.paste('x'.repeat(161));
    expect(screen.getByText('This is 1 character too long. A quick reply has up to 160.')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Add' }));
    expect(kept()).toEqual(['On the way', 'Running late']);
    expect(box.value).toHaveLength(161);
  });

  it('keeps what is being written until it is saved', () => {
    const it = new Writing('ana');
    it.changing = [{ id: COMING.id, was: 'On the way', words: 'On the w' }];
    it.keep();
    expect(new Writing('ana').of(COMING.id)?.words).toBe('On the w');
    expect(new Writing('ben').changing).toEqual([]);
  });

  /** Saving waits until it is let through. */
  function hold(): () => void {
    vi.restoreAllMocks();
    const passed = globalThis.fetch;
    let open = (): void => undefined;
    const held = new Promise<void>((resolve) => (open = resolve));
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      if (init?.method === 'PUT') await held;
      return passed(input, init);
    });
    return () => open();
  }
  const boxOf = (text: string) =>
    screen.findByRole<HTMLInputElement>('textbox', { name: `What “${text}” says` });
  const fresh = () => screen.findByRole<HTMLInputElement>('textbox', { name: 'New quick reply' });

  it('keeps the words of one while another is changed', async () => {
    drawIn(inbox, QuickPage, {});
    await userEvent.click(await screen.findByRole('button', { name: 'Edit “On the way”' }));
    await userEvent.type(await boxOf('On the way'), ' to you', { initialSelectionStart: 10 });
    await userEvent.click(screen.getByRole('button', { name: 'Edit “Running late”' }));
    await userEvent.type(await boxOf('Running late'), '!{Enter}');
    await until(() => kept().includes('Running late!'));
    expect((await boxOf('On the way')).value).toBe('On the way to you');
    expect(new Writing(inbox.viewer.id).of(COMING.id)?.words).toBe('On the way to you');
  });

  it('leaves in the box what is written while words are saved', async () => {
    drawIn(inbox, QuickPage, {});
    const open = hold();
    await userEvent.type(await fresh(), 'Mine{Enter} too');
    await userEvent.click(screen.getByRole('button', { name: 'Edit “On the way”' }));
    open();
    await until(() => kept().includes('Mine'));
    expect((await fresh()).value).toBe('Mine too');
    const again = hold();
    await userEvent.type(await boxOf('On the way'), ' soon{Enter} now');
    again();
    expect((await boxOf('On the way soon')).value).toBe('On the way soon now');
  });

  it('puts back what was deleted also once it is left, and while something else is saved', async () => {
    const { unmount } = drawIn(inbox, QuickPage, {});
    await userEvent.click(await screen.findByRole('button', { name: 'Delete “On the way”' }));
    await until(() => inbox.toasts.undoable);
    const open = hold();
    await userEvent.type(await fresh(), 'Mine{Enter}');
    unmount();
    inbox.toasts.undo();
    open();
    await until(() => kept().includes('Mine') && kept().includes('On the way'));
  });

  it('says so where what was deleted cannot be put back', async () => {
    const { unmount } = drawIn(inbox, QuickPage, {});
    await userEvent.click(await screen.findByRole('button', { name: 'Delete “On the way”' }));
    await until(() => inbox.toasts.undoable);
    unmount();
    network.on = false;
    inbox.toasts.undo();
    await until(() => inbox.toasts.shown.some(({ text }) => text.startsWith('Not saved:')));
  });

  it('offers the words again that a colleague has deleted meanwhile', async () => {
    drawIn(inbox, QuickPage, {});
    await userEvent.click(await screen.findByRole('button', { name: 'Edit “On the way”' }));
    keep(LATE);
    mock.emit('templates.updated', () => ({}));
    expect(await screen.findByText(/Somebody deleted “On the way” meanwhile/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await until(() => kept().includes('On the way'));
  });
});
