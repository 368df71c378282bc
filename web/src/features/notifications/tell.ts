import type { Message, Row } from '../../api/types';
import { threadName } from '../../app/format';
import { now } from '../../app/now.svelte';
import { router } from '../../app/router.svelte';
import { t } from '../../app/strings';
import { claim } from '../../worker/known';
import { keptOf } from '../../worker/sweep';
import { pathOf, tagOf, type Kept } from '../../worker/notice';
import { registered } from '../devices/subscribing';
import { said } from '../thread/markdown';
import { chime } from './chime';
import { permission, wishOf } from './wish';

/** What was told this long ago is no news: a feed that goes on after a standstill tells of it all the same. */
const NEWS_MS = 10 * 60_000;
/** So many messages are remembered as told. */
const REMEMBERED = 200;
const PREVIEW = 200;

/** One that is shown by this page itself. */
interface One {
  notification: Notification;
  texts: number;
  /** False: what is unread of the thread is not counted for its reader. */
  counted: boolean;
}

/** Notifications that are shown, by conversation: there is one of each, and it counts. */
class Tell {
  readonly #shown = new Map<string, One>();
  readonly #told = new Set<string>();

  /** One sound for what came at once; none for what was pushed here before. */
  async texts(texts: readonly (readonly [Message, Row])[], person: string): Promise<void> {
    const wish = wishOf(person);
    // What a blocked number sends is told to nobody.
    const news = texts.filter(([message, row]) => !row.blocked && this.#isNews(message));
    const claimed = await claim(news.map(([{ id }]) => id));
    const fresh = news.filter(([{ id }]) => claimed.includes(id));
    if (fresh.length === 0) return;
    if (wish.sound) void chime();
    if (!wish.desktop || permission() !== 'granted') return;
    const pushed = await pushedTo();
    for (const [message, row] of fresh) await this.#show(message, row, person, wish.preview, pushed);
  }

  #isNews({ id, created_at }: Message): boolean {
    if (this.#told.has(id)) return false;
    this.#told.add(id);
    for (const old of this.#told) if (this.#told.size > REMEMBERED) this.#told.delete(old);
    return now.exact() - Date.parse(created_at) < NEWS_MS;
  }

  async #show(
    message: Message,
    row: Row,
    person: string,
    preview: boolean,
    pushed: ServiceWorkerRegistration | null,
  ): Promise<void> {
    const before = pushed ? await countOf(pushed, row.id) : (this.#shown.get(row.id)?.texts ?? 0);
    const texts = before + 1;
    const words = preview ? said(message.text, 'in').trim().slice(0, PREVIEW) : '';
    const body = words || t('notify.texts', { n: texts });
    // A row that comes with a message nobody has read, and has none: it counts none of it for this reader.
    const counted = row.unread > 0;
    // A new one takes the place of the last one, aloud: whatever tab, or push, told of that.
    const options = { ...LOOK, body, tag: tagOf(row.id), renotify: true };
    if (pushed) {
      const path = pathOf(row.id, message.id);
      const data: Kept = { path, person, conversation: row.id, message: message.id, count: texts, counted };
      return pushed.showNotification(threadName(row), { ...options, data });
    }
    const notification = notify(threadName(row), options);
    if (!notification) return;
    notification.onclick = () => {
      window.focus();
      router.go(`/conversations/${row.id}`);
      this.close(row.id);
    };
    this.#shown.set(row.id, { notification, texts, counted });
  }

  /** Nothing of it is unread by the count. */
  read(conversation: string): void {
    if (this.#shown.get(conversation)?.counted) this.close(conversation);
  }

  close(conversation: string): void {
    this.#shown.get(conversation)?.notification.close();
    this.#shown.delete(conversation);
  }

  /** A window is in front. */
  clear(): void {
    for (const conversation of [...this.#shown.keys()]) this.close(conversation);
  }
}

/** Our own sound is the sound. */
const LOOK = { icon: '/favicon.svg', silent: true };

/** Null where a page may not show one by itself, as on phones. */
export function notify(title: string, more: NotificationOptions): Notification | null {
  try {
    return new Notification(title, { ...LOOK, ...more });
  } catch {
    return null;
  }
}

/** Where this browser is pushed to as well, pushes and we share each thread's one notification: the worker's. */
async function pushedTo(): Promise<ServiceWorkerRegistration | null> {
  const registration = await registered();
  return (await registration?.pushManager.getSubscription().catch(() => null)) ? registration : null;
}

/** How many messages the thread's notification stands for. */
async function countOf(registration: ServiceWorkerRegistration, conversation: string): Promise<number> {
  const [shown] = await registration.getNotifications({ tag: tagOf(conversation) });
  return (shown && keptOf(shown)?.count) ?? 0;
}

export const tell = new Tell();
