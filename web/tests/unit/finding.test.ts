// Finding in a thread: what was typed and found stays, whatever else is looked for and comes in meanwhile.
import { screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';

import type { Row } from '../../src/api/types';
import FindBar from '../../src/features/finding/FindBar.svelte';
import { finding } from '../../src/features/finding/finding.svelte';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';
import { mock, until } from './setup';

const JOY = '+12075550133';
let inbox: Inbox;
let id: string;

const box = () => screen.findByRole<HTMLInputElement>('textbox', { name: 'Find in this conversation' });

/** Comes in, and is in the thread. */
async function receive(text: string): Promise<void> {
  mock.receive(id, text);
  await until(() => inbox.threads.open(id).messages.at(-1)?.text === text);
}

beforeEach(async () => {
  inbox = await openInbox();
  id = ([...inbox.conversations.known.values()].find(({ contact }) => contact === JOY) as Row).id;
  await inbox.threads.open(id).load();
  finding.show('words');
});
afterEach(() => {
  finding.close();
  inbox.stop();
});

const draw = () => drawIn(inbox, FindBar, { thread: inbox.threads.open(id) });

it('the words are there again after a day was looked for, at the hit that was stood on', async () => {
  await receive('The boiler drips');
  await receive('The boiler is loud');
  draw();
  await userEvent.type(await box(), 'boiler');
  expect(await screen.findByText('2 of 2')).toBeTruthy();
  await userEvent.keyboard('{Enter}');
  expect(await screen.findByText('1 of 2')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Jump to date' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Find words' }));
  expect((await box()).value).toBe('boiler');
  expect(await screen.findByText('1 of 2')).toBeTruthy();
});

it('a hit that comes in is counted, and whoever stands on another stays there', async () => {
  await receive('The pump is old');
  draw();
  await userEvent.type(await box(), 'pump');
  expect(await screen.findByText('1 of 1')).toBeTruthy();
  await until(() => finding.found !== null);
  const { found } = finding;
  await receive('A new pump came');
  expect(await screen.findByText('1 of 2')).toBeTruthy();
  expect(finding.found).toBe(found);
  await userEvent.keyboard('{Shift>}{Enter}{/Shift}');
  expect(await screen.findByText('2 of 2')).toBeTruthy();
});

it('where nothing was found, the first that comes in is led to', async () => {
  draw();
  await userEvent.type(await box(), 'gasket');
  expect(await screen.findByText('Nothing found')).toBeTruthy();
  await receive('Bring a gasket');
  expect(await screen.findByText('1 of 1')).toBeTruthy();
  await until(() => finding.found?.id === inbox.threads.open(id).messages.at(-1)?.id);
});
