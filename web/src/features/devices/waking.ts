// The window's part in pushes: who is signed in here, a subscription that still works, and notifications that are over.
import { Failure } from '../../api/failure';
import type { Live } from '../../live/live.svelte';
import { router } from '../../app/router.svelte';
import { t } from '../../app/strings';
import { tagOf, type Kept } from '../../worker/notice';
import { setPerson } from '../../worker/known';
import { keptOf, sweep } from '../../worker/sweep';
import { leaveDevice } from './leaving';
import { signInMark } from './mark';
import { mend } from './mending';
import type { Session } from '../session/session.svelte';
import type { Toasts } from '../toasts/toasts.svelte';
import type { Viewer } from '../session/viewer.svelte';
import { registered } from './subscribing';

/** Whoever was not looking just now is told, too. */
const STAY_MS = 60_000;

interface Around {
  viewer: Viewer;
  live: Live;
  session: Pick<Session, 'state'>;
  toasts: Toasts;
}

const lead = () => router.go('/settings/devices');

/** From now on, for who is signed in; until the returned function is called. */
export function wake({ viewer, live, session, toasts }: Around): () => void {
  const { id } = viewer;
  /** The sign-in for which it was mended. */
  let mended: string | null = null;
  const put = async () => {
    if (mended === signInMark() || viewer.me?.id !== id) return;
    mended = signInMark();
    try {
      if ((await mend(viewer.me)) === 'off') toasts.say('bell', t('devices.wasRemoved'), null, lead, STAY_MS);
    } catch (cause) {
      // Not now: once the server is back.
      if (Failure.from(cause).passing) mended = null;
    }
  };
  const look = () => {
    if (document.hidden) return;
    void clear(id);
    arrived();
  };
  const deaf = live.listen((batch) => {
    for (const { type, data } of batch) {
      if (type === 'conversation.updated' && data.conversation.unread === 0)
        void close(data.conversation.id, ({ counted }) => counted !== false);
      if (type === 'conversation.removed') void close(data.id);
      if (type === 'ready') void put();
    }
  });
  document.addEventListener('visibilitychange', look);
  void setPerson(id).then(put).then(look);
  return () => {
    deaf();
    document.removeEventListener('visibilitychange', look);
    // By its person's will, and not since the session has ended: whoever comes back is told of what comes meanwhile.
    if (session.state === 'out') void leaveDevice(id);
  };
}

/** Whoever looks at a thread of which nothing is counted for them has seen what its notification was about. */
export function arrived(): void {
  const [, place, conversation] = router.path.split('/');
  if (document.hidden || place !== 'conversations' || !conversation) return;
  void close(conversation, ({ counted }) => counted === false);
}

/** It was read, here or elsewhere, or is no longer theirs; those of its thread that are meant. */
async function close(conversation: string, meant: (kept: Kept) => boolean = () => true): Promise<void> {
  const registration = await registered();
  for (const shown of (await registration?.getNotifications({ tag: tagOf(conversation) })) ?? []) {
    const kept = keptOf(shown);
    if (!kept || meant(kept)) shown.close();
  }
}

/** Whoever looks needs no line that says no more than to look; and what was read elsewhere is over. */
async function clear(person: string): Promise<void> {
  const all = (await (await registered())?.getNotifications()) ?? [];
  for (const shown of all) if (keptOf(shown)?.conversation === null) shown.close();
  await sweep(all, person, fetch);
}
