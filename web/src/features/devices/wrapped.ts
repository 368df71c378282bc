// Inside the app of a store: the phone's own service wakes it, and not the browser's. The page that is signed in tells our
// server the phone's token, so that it is that person's, and silent with their session's end.
import { showBadge } from '../../app/badge';
import { Failure } from '../../api/failure';
import { reasonOf } from '../../api/again';
import type { Live } from '../../live/live.svelte';
import { router } from '../../app/router.svelte';
import { t } from '../../app/strings';
import { knownDevice, setDevice, setPerson } from '../../worker/known';
import { ownDevices, registerPhone } from './calls';
import { signInMark } from './mark';
import { alone, mendOf } from './mending';
import { appName } from './naming';
import { shell, type Pushes, type Shell, type Shown } from './shell';
import type { Counts } from '../conversations/counts.svelte';
import type { Session } from '../session/session.svelte';
import type { Toasts } from '../toasts/toasts.svelte';
import type { Viewer } from '../session/viewer.svelte';

/** Whoever was not looking just now is told, too. */
const STAY_MS = 60_000;
/** Signs of a topic (shared/notify/src/payload.rs). */
const TOPIC = 32;

interface Around {
  viewer: Viewer;
  live: Live;
  session: Pick<Session, 'state'>;
  toasts: Toasts;
  counts: Pick<Counts, 'known' | 'unread'>;
}

/** Where a tap leads: one of our own addresses, or none. */
export function pathOf({ data }: Shown, origin: string): string | null {
  const to = data?.['navigate'];
  if (typeof to !== 'string' || !URL.canParse(to)) return null;
  const url = new URL(to);
  return url.origin === origin ? url.pathname + url.search : null;
}

/** What Google's notification of a thread is called: as shared/notify names it. */
export async function topicOf(conversation: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(conversation));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return base64.replaceAll('+', '-').replaceAll('/', '_').slice(0, TOPIC);
}

/** Apple's say which thread they are of; Google's are named after it. */
export async function ofThread(all: readonly Shown[], conversation: string): Promise<Shown[]> {
  const topic = await topicOf(conversation);
  const of = ({ tag, data }: Shown) =>
    tag === topic ||
    data?.['conversation'] === conversation ||
    (data?.['porchlight'] as { conversation?: unknown } | undefined)?.conversation === conversation;
  return all.filter(of);
}

/** Whether its thread's unread are counted for its reader: none left means then that it was read. */
export function isCounted({ data }: Shown): boolean {
  const about = (data?.['porchlight'] ?? data) as { counted?: unknown } | undefined;
  return String(about?.counted ?? true) !== 'false';
}

/** It was read, here or elsewhere, or is no longer theirs; those of its thread that are meant. */
async function close(push: Pushes, conversation: string, meant = (_: Shown): boolean => true): Promise<void> {
  const { notifications } = await push.getDeliveredNotifications();
  const over = (await ofThread(notifications, conversation)).filter(meant);
  if (over.length > 0) await push.removeDeliveredNotifications({ notifications: over });
}

/** Whoever looks at a thread has seen what its notification was about, counted or not. */
export function arrived(): void {
  const push = shell()?.Plugins.PushNotifications;
  const [, place, conversation] = router.path.split('/');
  if (push && !document.hidden && place === 'conversations' && conversation) void close(push, conversation);
}

/** The number on the icon is the shell's: its web view has none. */
function lendBadge({ Plugins: { Badge } }: Shell): void {
  if (!Badge || 'setAppBadge' in navigator) return;
  Object.assign(navigator, {
    setAppBadge: (count: number) => Badge.set({ count }),
    clearAppBadge: () => Badge.clear(),
  });
}

/** Asks for permission where nobody was asked yet; with it, the shell has a token made, and tells it. */
async function begin(push: Pushes): Promise<void> {
  let { receive } = await push.checkPermissions();
  if (receive.startsWith('prompt')) ({ receive } = await push.requestPermissions());
  if (receive === 'granted') await push.register();
}

/** Tells our server the token, where that is news to it. False: this phone was taken off the list, and stays so. */
async function tell(kind: 'apns' | 'fcm', token: string, person: string): Promise<boolean> {
  const known = await knownDevice();
  const theirs = known?.person === person;
  const device = theirs ? ((await ownDevices()).find(({ id }) => id === known.id) ?? null) : null;
  const mend = mendOf({ endpoint: token, fits: true, known, signIn: signInMark(), device, person });
  if (mend === 'off') return false;
  if (mend === 'nothing') return true;
  const made = await registerPhone({
    kind,
    token,
    name: appName(navigator),
    id: theirs ? known.id : undefined,
  });
  await setDevice({ id: made.id, person, endpoint: token, signIn: signInMark() });
  return true;
}

const lead = () => router.go('/settings/devices');

/** From now on, for who is signed in; until the returned function is called. */
export function wake({ viewer, live, session, toasts, counts }: Around): () => void {
  const app = shell();
  const push = app?.Plugins.PushNotifications;
  if (!app || !push) return () => undefined;
  const { id } = viewer;
  const kind = app.getPlatform() === 'ios' ? 'apns' : 'fcm';
  let token: string | null = null;
  /** The token, and the sign-in, that the server was told. */
  let told: string | null = null;
  const put = async () => {
    const news = `${signInMark()} ${token}`;
    if (token === null || told === news || viewer.me?.id !== id) return;
    told = news;
    try {
      const given = token;
      if (!(await alone(() => tell(kind, given, id)))) await push.unregister();
    } catch (cause) {
      // Not now: once the server is back.
      if (Failure.from(cause).passing) told = null;
      else toasts.say('alert', t('devices.failed', { reason: reasonOf(cause) }), null, lead, STAY_MS);
    }
  };
  const failed = () =>
    toasts.say('alert', t('devices.failed', { reason: t('devices.noService') }), null, lead, STAY_MS);
  const listened = [
    push.addListener('registration', ({ value }) => {
      token = value;
      void put();
    }),
    push.addListener('registrationError', failed),
    push.addListener('pushNotificationActionPerformed', ({ notification }) => {
      const path = pathOf(notification, location.origin);
      if (path) router.go(path);
    }),
  ];
  const deaf = live.listen((batch) => {
    for (const { type, data } of batch) {
      if (type === 'conversation.updated' && data.conversation.unread === 0)
        void close(push, data.conversation.id, isCounted);
      if (type === 'conversation.removed') void close(push, data.id);
      if (type === 'ready') void put();
    }
  });
  document.addEventListener('visibilitychange', arrived);
  lendBadge(app);
  if (counts.known) showBadge(counts.unread);
  void setPerson(id)
    .then(() => begin(push))
    .catch(failed);
  return () => {
    deaf();
    document.removeEventListener('visibilitychange', arrived);
    for (const one of listened) void Promise.resolve(one).then((listener) => listener.remove());
    // By its person's will: the phone is nobody's, and nothing of theirs stays on its screen.
    if (session.state === 'out') void leave(push);
  };
}

async function leave(push: Pushes): Promise<void> {
  await Promise.all([setPerson(null), setDevice(null)]);
  await Promise.all([push.unregister(), push.removeAllDeliveredNotifications()]);
}
