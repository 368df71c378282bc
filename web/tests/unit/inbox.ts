import { router } from '../../src/app/router.svelte';
import { Inbox } from '../../src/features/session/inbox.svelte';
import { mock, until } from './setup';

/** Ana's inbox at this address, loaded and connected. The caller stops it. */
export async function openInbox(address = '/conversations'): Promise<Inbox> {
  router.go(address);
  const inbox = new Inbox();
  inbox.start();
  inbox.welcome(mock.world.me('ana@harbor.example'));
  await until(() => inbox.list.state === 'ready' && inbox.live.state === 'open');
  return inbox;
}
