// What becomes of a push: decided here, from values alone.
import { t } from '../app/strings';
import type { Told } from './payload';

/** What the worker keeps with a notification. */
export interface Kept {
  /** Where a press on it leads; null: to the window, wherever it is. */
  path: string | null;
  person: string | null;
  conversation: string | null;
  message: string | null;
  /** How many messages it stands for. */
  count: number;
  /** False: what is unread of the thread is not counted for its reader; it stays until they look. */
  counted?: boolean;
}

/** A notification to be shown. */
export interface Notice {
  title: string;
  options: NotificationOptions & { renotify: boolean; tag: string; data: Kept };
}

/** How things are when a push comes. */
export interface Around {
  /** Who is signed in in this browser. */
  person: string | null;
  /** Nothing in this browser has told of its message yet. */
  fresh: boolean;
  /** Somebody has the very thread before them. */
  looking: boolean;
  /** The notification of the thread that is shown now. */
  shown: Kept | null;
  /** The browser takes the permission away where a push shows nothing. */
  must: boolean;
}

/**
 * One notification for each thread: whoever shows one of it gives it this tag. So does the server, for a browser that shows
 * a push by itself (`shared/notify/src/payload.rs`).
 */
export const tagOf = (conversation: string): string => `porchlight.${conversation}`;

/** The address of a thread at a message. */
export const pathOf = (conversation: string, message: string | null): string =>
  `/conversations/${conversation}${message ? `/messages/${message}` : ''}`;

/** Where a press leads on what this was about. */
export function leadOf({
  kind,
  conversation,
  message,
}: Pick<Told, 'kind' | 'conversation' | 'message'>): string {
  if (kind === 'test') return '/settings/devices';
  return conversation ? pathOf(conversation, message) : '/conversations';
}

const LOOK = { icon: '/icons/192.png', dir: 'auto' } as const;
const NOBODY = { person: null, conversation: null, message: null, count: 1 };

/** Says that there is something, and nothing of what or whom. */
const neutral = (body: string, path: string | null): Notice => ({
  title: t('app.name'),
  options: { ...LOOK, body, tag: 'porchlight.any', renotify: true, data: { ...NOBODY, path } },
});

/** Null: nothing is shown. */
export function decide(told: Told | null, around: Around): Notice | null {
  if (!told) return neutral(t('push.unread'), '/conversations');
  // This device has changed hands, or nobody is signed in.
  if (told.person !== around.person) return neutral(t('push.other'), null);
  const path = leadOf(told);
  if (told.kind === 'test') return noticeOf(told, 'porchlight.test', path, 1);
  if (!told.conversation) return noticeOf(told, 'porchlight.any', path, 1);
  const before = around.shown?.count ?? 0;
  if (around.fresh && !around.looking) return noticeOf(told, tagOf(told.conversation), path, before + 1);
  if (!around.must) return null;
  return silent(noticeOf(told, tagOf(told.conversation), path, Math.max(1, before)));
}

function noticeOf(told: Told, tag: string, path: string, count: number): Notice {
  const { person, conversation, message, counted } = told;
  return {
    title: told.title,
    options: {
      ...LOOK,
      body: told.body,
      tag,
      renotify: true,
      data: { path, person, conversation, message, count, counted },
    },
  };
}

const silent = ({ title, options }: Notice): Notice => ({
  title,
  options: { ...options, renotify: false, silent: true },
});

/** Safari, and every browser on an iPhone: three pushes that show nothing, and there are no more. */
export const mustShow = (userAgent: string): boolean =>
  /AppleWebKit/.test(userAgent) && !/Chrome\//.test(userAgent);
