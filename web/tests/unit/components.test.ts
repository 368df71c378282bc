import { screen, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';

import type { Row } from '../../src/api/types';
import Composer from '../../src/features/composer/Composer.svelte';
import ConversationRow from '../../src/features/conversations/ConversationRow.svelte';
import SignIn from '../../src/features/session/SignIn.svelte';
import { Inbox } from '../../src/inbox.svelte';
import Bubble from '../../src/features/thread/Bubble.svelte';
import Keys from '../../src/features/keys/Keys.svelte';
import { preferences } from '../../src/app/preferences.svelte';
import { frame } from '../../src/app/frame.svelte';
import { commandSets } from '../../src/features/keys/commands';
import { drawIn } from './inbox';
import { mock, until } from './setup';

let inbox: Inbox;
const row = (contact: string): Row =>
  [...inbox.conversations.known.values()].find((one) => one.contact === contact) as Row;
const drawRow = (one: Row, terms: string[] = []) =>
  drawIn(inbox, ConversationRow, { row: one, terms, current: false, stop: true });

beforeEach(async () => {
  inbox = new Inbox();
  inbox.welcome(mock.world.me('ana@harbor.example'));
  await inbox.list.load();
});

describe('a row of the list', () => {
  it('says who, what, how long it waits and how much is new', () => {
    drawRow(row('+12075550119'));
    const link = screen.getByRole('link');
    expect(link).toHaveProperty('pathname', `/conversations/${row('+12075550119').id}`);
    for (const words of ['Tom Beck', 'Emergency', 'waits 4 h 3', '3 unread'])
      expect(link.textContent).toContain(words);
  });

  it('is called by its number when nobody is linked, and marks what is searched for', () => {
    drawRow(row('+12075550163'), ['plumber']);
    expect(screen.getByRole('link').textContent).toContain('(207) 555-0163');
    expect(document.querySelector('mark')?.textContent).toBe('plumber');
  });

  it('shows a customer’s stars and underscores, and takes ours off', () => {
    const one = row('+12075550119');
    const says = (direction: 'in' | 'out', text: string) => {
      const { unmount } = drawRow({ ...one, last_message: { ...one.last_message!, direction, text } });
      const words = document.querySelector('.snip')?.textContent;
      unmount();
      return words;
    };
    expect(says('in', 'The *red* one, _please_')).toBe('The *red* one, _please_');
    expect(says('out', 'The *red* one, _please_')).toMatch(/The red one, please$/);
  });

  it('shows what was found as its writer wrote it', () => {
    const one = row('+12075550119');
    const found = (more: object) => {
      const match = {
        conversation_id: one.id,
        seq: 1,
        direction: 'in' as const,
        text: 'The *red* one',
        ...more,
      };
      inbox.list.matches = new Map([[one.id, match]]);
      const { unmount } = drawRow(one, ['red']);
      const words = document.querySelector('.snip')?.textContent;
      unmount();
      return words;
    };
    expect(found({})).toBe('The *red* one');
    expect(found({ direction: 'in' })).toBe('The *red* one');
    expect(found({ direction: 'out' })).toBe('The red one');
  });

  it('says that an earlier message was not delivered, also behind newer ones', () => {
    const one = row('+12075550119');
    drawRow({ ...one, failed_seq: 1 });
    expect(document.querySelector('.meta')?.textContent).toContain('Not delivered');
    expect(document.querySelector('.snip')?.textContent).toContain('No heat since last night');
  });

  it('draws hostile names and texts as text', () => {
    const evil = '<img src=x onerror=alert(1)>';
    drawRow({
      ...row('+12075550119'),
      name: evil,
      last_message: { ...row('+12075550119').last_message!, text: evil },
    });
    expect(document.querySelector('img')).toBeNull();
    expect(screen.getByRole('link').textContent).toContain(evil);
  });
});

describe('a bubble', () => {
  const message = () => mock.world.timelines.get(row('+12075550188').id)[6];
  const draw = (more = {}) =>
    drawIn(inbox, Bubble, {
      row: row('+12075550188'),
      message: { ...message(), ...more },
      first: true,
      last: true,
      terms: [],
      linked: false,
    });

  it('says why it did not arrive and offers Retry, which sends anew and names what it repeats', async () => {
    draw();
    expect(screen.getByText(/the carrier blocked the short link/)).toBeTruthy();
    await userEvent.click(await screen.findByRole('button', { name: 'Retry' }));
    expect(inbox.sending.outbox.entries[0]).toMatchObject({
      resend_of: message().id,
      text: 'Warranty card: bit.ly/hbr-1042',
    });
  });

  it('is as quiet as any other once it was sent again, and says so', async () => {
    const thread = inbox.threads.open(row('+12075550188').id);
    await until(() => thread.state === 'ready');
    const [first, second] = ['01ARZ3NDEKTSV4RRFFQ69G5FAV', '01ARZ3NDEKTSV4RRFFQ69G5FAW'];
    draw({ id: first });
    expect(document.querySelector('.msg.failed')).toBeTruthy();
    const again = { ...message(), id: second, status: 'sent', error: null, resend_of: first };
    thread.take([{ ...again, seq: thread.seen + 1 }]);
    await until(() => !document.querySelector('.msg.failed'));
    expect(screen.getByText(/Not delivered, sent again/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull();
  });

  it('shows on click when it was sent and delivered', async () => {
    draw({
      status: 'delivered',
      error: null,
      sent_at: '2026-11-20T13:26:01.000Z',
      delivered_at: '2026-11-20T13:26:04.000Z',
    });
    await userEvent.click(document.querySelector('.bubble') as Element);
    expect(await screen.findByText(/^Sent .*2026/)).toBeTruthy();
    expect(await screen.findByText(/^Delivered .*2026/)).toBeTruthy();
  });

  it('is honest about an unknown fate: asks for a day, then lets a person choose', async () => {
    const { unmount } = draw({
      status: 'unknown',
      error: null,
      unknown_since: new Date(Date.now() - 3_600_000).toISOString(),
    });
    expect(screen.getByText(/Unknown, asking the carrier/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Send again' })).toBeNull();
    unmount();
    draw({ status: 'unknown', error: null, unknown_since: new Date(Date.now() - 90_000_000).toISOString() });
    expect(await screen.findByRole('button', { name: 'Send again' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Dismiss' })).toBeTruthy();
  });
});

describe('the composer', () => {
  async function draw(contact: string) {
    const thread = inbox.threads.open(row(contact).id);
    await until(() => thread.state === 'ready');
    drawIn(inbox, Composer, { thread, row: row(contact) });
    return thread;
  }

  it('sends with Enter, breaks the line with Shift-Enter, and is empty afterwards', async () => {
    const thread = await draw('+12075550133');
    const box = screen.getByRole<HTMLTextAreaElement>('textbox');
    await userEvent.type(box, 'First{Shift>}{Enter}{/Shift}second{Enter}');
    expect(inbox.sending.outbox.of(thread.id)[0]?.text ?? thread.messages.at(-1)?.text).toBe('First\nsecond');
    expect(box.value).toBe('');
  });

  it('names the character that makes it dear and mends it with one click', async () => {
    await draw('+12075550133');
    const box = screen.getByRole<HTMLTextAreaElement>('textbox');
    await userEvent.click(box);
    await userEvent.paste(`You’re covered. ${'The visit is free. '.repeat(5)}`);
    await until(() =>
      /2 parts · ~1.7 ¢\s+· ’ forces unicode/.test(document.querySelector('.parts')?.textContent ?? ''),
    );
    const parts = within(document.querySelector('.parts') as HTMLElement);
    await userEvent.click(parts.getByRole('button', { name: "Use ' for 1 part" }));
    expect(box.value).toContain("You're covered");
    box.value = '';
  });

  it('offers an email only where one is on file', async () => {
    const landline = '+12075550129';
    await draw(landline);
    expect(await screen.findByText('It is a landline or out of reach. Call instead.')).toBeTruthy();
    expect(screen.queryByText(/email/i)).toBeNull();
    const { customer_detail } = mock.world.details.get(row(landline).id)!;
    customer_detail.contacts.push({
      contact: 'renee@example.com',
      label: null,
      channel: 'email',
      cannot_text: false,
    });
    const thread = inbox.threads.open(row(landline).id);
    await thread.refreshDetails();
    expect(await screen.findByText(/Call instead, or write an email/)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Email' })).toBeTruthy();
  });

  it('says why it is closed and what to do', async () => {
    await draw('+12075550177');
    expect(screen.queryByRole('textbox')).toBeNull();
    expect(await screen.findByText(/Nora texted STOP on/)).toBeTruthy();
  });
});

describe('signing in', () => {
  it('says in words that the pair is wrong', async () => {
    drawIn(inbox, SignIn, { ended: false });
    await userEvent.type(screen.getByLabelText('Email'), 'ana@harbor.example');
    await userEvent.type(screen.getByLabelText('Password'), 'wrong');
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect((await screen.findByRole('alert')).textContent).toContain('don’t match');
  });

  it('says that what was written is kept when the session has ended', () => {
    drawIn(inbox, SignIn, { ended: true });
    expect(screen.getByRole('alert').textContent).toContain('what you wrote is kept');
  });
});

describe('the keys', () => {
  it('can be switched off, but never the palette', async () => {
    drawIn(inbox, Keys, {
      sets: commandSets([{ commands: () => import('../../src/features/shell/commands') }]),
    });
    preferences.singleKeys = false;
    await userEvent.keyboard('?');
    expect(frame.help).toBe(false);
    await userEvent.keyboard('{Control>}k{/Control}');
    expect(frame.palette).toBe(true);
    frame.palette = false;
    preferences.singleKeys = true;
    await userEvent.keyboard('?');
    await until(() => frame.help);
    frame.help = false;
  });
});
