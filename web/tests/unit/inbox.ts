import { render } from '@testing-library/svelte';
import type { Component } from 'svelte';

import { router } from '../../src/app/router.svelte';
import { Session } from '../../src/features/session/session.svelte';
import { Inbox } from '../../src/inbox.svelte';
import { mock, until } from './setup';
import Within from './Within.svelte';

/** Ana's inbox at this address, loaded and connected. The caller stops it. */
export async function openInbox(address = '/conversations'): Promise<Inbox> {
  router.go(address);
  const inbox = new Inbox();
  inbox.start();
  inbox.welcome(mock.world.me('ana@harbor.example'));
  await until(() => inbox.list.state === 'ready' && inbox.live.state === 'open');
  return inbox;
}

/** Draws a part of the window of this inbox. */
export const drawIn = <Props extends object>(
  inbox: Inbox,
  part: Component<Props>,
  props: Props,
  session = new Session(() => inbox),
) => render(Within, { inbox, part: part as never, given: props as never, session });
