// The tray of what arrived and found no place (P1): two parts, page by page, and what came of trying again.
import { screen, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { router } from '../../src/app/router.svelte';
import QuarantinePage from '../../src/features/quarantine/QuarantinePage.svelte';
import Shell from '../../src/features/shell/Shell.svelte';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, network, until } from './setup';

let inbox: Inbox;
let tray: typeof mock.world.tray;

const card = async (words: string) => within((await screen.findByText(words)).closest('li') as HTMLElement);
const replay = async (words: string) => {
  const one = await card(words);
  await userEvent.click(one.getByRole('button', { name: /^Replay/ }));
  return one;
};

/** The page, as somebody with this address sees it. */
async function open(search = '', email = 'ben@harbor.example') {
  mock.signedInAs = email;
  inbox = await openInbox('/conversations');
  inbox.welcome(mock.world.me(email));
  router.go(`/settings/set-aside${search}`);
  drawIn(inbox, QuarantinePage, {});
}

beforeEach(() => {
  tray = structuredClone(mock.world.tray);
});
afterEach(() => {
  inbox.stop();
  mock.world.tray = tray;
  mock.trayPage = null;
  mock.signedInAs = 'ana@harbor.example';
});

describe('a replay', () => {
  it('that is taken in leads to its conversation', async () => {
    await open();
    const one = await replay('no message of ours has this id');
    expect(await one.findByText('It is in its conversation now.')).toBeTruthy();
    const [conversation] = mock.world.rows.keys();
    expect(one.getByRole('link').getAttribute('href')).toContain(conversation);
  });

  it('that changed nothing says why it still waits, and can be tried again', async () => {
    await open();
    const one = await replay('Hello, is this Harbor Plumbing?');
    expect(await one.findByText('Still waiting: no line of the business has this number.')).toBeTruthy();
    expect(one.getByRole('button', { name: /^Replay/ })).toBeTruthy();
  });

  it('of a forged one says that its signature is still wrong', async () => {
    await open('?tray=unverified');
    const one = await replay('Click here to claim your prize');
    expect(await one.findByText(/signature is still wrong/)).toBeTruthy();
  });

  it('of one that a colleague had says that it is gone; without an answer, that there was none', async () => {
    await open();
    await card('Hello, is this Harbor Plumbing?');
    mock.world.tray.quarantined = [];
    expect(await (await replay('Hello, is this Harbor Plumbing?')).findByText(/no longer here/)).toBeTruthy();
    mock.faults.down = 1;
    const other = await replay('Your package is on its way');
    expect(await other.findByText(/our server did not answer/)).toBeTruthy();
  });

  it('is off while offline', async () => {
    await open();
    const one = await card('Hello, is this Harbor Plumbing?');
    inbox.live.online = false;
    await until(() => one.getByRole('button').getAttribute('aria-disabled') === 'true');
    mock.requests.length = 0;
    await userEvent.click(one.getByRole('button'));
    expect(mock.requests).toEqual([]);
  });
});

describe('the page', () => {
  it('goes on with Show more, and says so when it does not', async () => {
    mock.trayPage = 2;
    await open();
    await card('Your package is on its way');
    expect(screen.queryByText('no message of ours has this id')).toBeNull();
    mock.faults.down = 1;
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('The rest did not load.')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await card('no message of ours has this id');
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
    expect(document.activeElement?.textContent).toMatch(/^Replay/);
  });

  it('has its parts on tabs, which arrows move and the address names', async () => {
    await open();
    await card('Hello, is this Harbor Plumbing?');
    screen.getByRole('tab', { name: 'Not understood' }).focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(router.search).toBe('?tray=unverified');
    expect(document.activeElement).toBe(screen.getByRole('tab', { name: 'Not genuine', selected: true }));
    await card('Click here to claim your prize');
    await userEvent.keyboard('{ArrowRight}');
    expect(router.search).toBe('');
  });

  it('says that nothing is there, or that it did not load and why, and loads by itself once online', async () => {
    mock.world.tray = { quarantined: [], unverified: [] };
    await open();
    expect(await screen.findByRole('heading', { name: 'Nothing is set aside' })).toBeTruthy();
    await userEvent.click(screen.getByRole('tab', { name: 'Not genuine' }));
    expect(await screen.findByRole('heading', { name: 'Nothing suspicious' })).toBeTruthy();
    network.on = false;
    inbox.live.online = false;
    await userEvent.click(screen.getByRole('tab', { name: 'Not understood' }));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('You are offline');
    network.on = true;
    inbox.live.online = true;
    expect(await screen.findByRole('heading', { name: 'Nothing is set aside' })).toBeTruthy();
  });

  it('is not there for who may not see it', async () => {
    inbox = await openInbox('/conversations');
    router.go('/settings/set-aside');
    drawIn(inbox, Shell, {});
    expect(await screen.findByRole('heading', { name: 'This page does not exist' })).toBeTruthy();
  });
});
