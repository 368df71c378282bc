import type { Message, Row } from '../../api/types';
import { threadName } from '../../app/format';
import { now } from '../../app/now.svelte';
import { router } from '../../app/router.svelte';
import { t } from '../../app/strings';
import { said } from '../thread/markdown';
import { chime } from './chime';
import { permission, wishOf } from './wish';

/** What was told this long ago is no news: a feed that goes on after a standstill tells of it all the same. */
const NEWS_MS = 10 * 60_000;
/** So many messages are remembered as told. */
const REMEMBERED = 200;
const PREVIEW = 200;

/** Notifications that are shown, by conversation: there is one of each, and it counts. */
class Tell {
  readonly #shown = new Map<string, { notification: Notification; texts: number }>();
  readonly #told = new Set<string>();

  /** One sound for what came at once. */
  texts(texts: readonly (readonly [Message, Row])[], person: string): void {
    const wish = wishOf(person);
    // What a blocked number sends is told to nobody.
    const fresh = texts.filter(([message, row]) => !row.blocked && this.#isNews(message));
    if (fresh.length === 0) return;
    if (wish.desktop && permission() === 'granted')
      for (const [message, row] of fresh) this.#show(message, row, wish.preview);
    if (wish.sound) void chime();
  }

  #isNews({ id, created_at }: Message): boolean {
    if (this.#told.has(id)) return false;
    this.#told.add(id);
    for (const old of this.#told) if (this.#told.size > REMEMBERED) this.#told.delete(old);
    return now.exact() - Date.parse(created_at) < NEWS_MS;
  }

  #show(message: Message, row: Row, preview: boolean): void {
    const texts = (this.#shown.get(row.id)?.texts ?? 0) + 1;
    const words = preview ? said(message.text, 'in').trim().slice(0, PREVIEW) : '';
    const notification = notify(threadName(row), {
      body: words || t('notify.texts', { n: texts }),
      // A new one takes the place of the last one, aloud: whatever tab told of that.
      tag: `porchlight.${row.id}`,
      renotify: true,
    });
    if (!notification) return;
    notification.onclick = () => {
      window.focus();
      router.go(`/conversations/${row.id}`);
      this.close(row.id);
    };
    this.#shown.set(row.id, { notification, texts });
  }

  /** It was read. */
  close(conversation: string): void {
    this.#shown.get(conversation)?.notification.close();
    this.#shown.delete(conversation);
  }

  /** A window is in front. */
  clear(): void {
    for (const conversation of [...this.#shown.keys()]) this.close(conversation);
  }
}

/** Null where a page may not show one by itself, as on phones. Our own sound is the sound. */
export function notify(
  title: string,
  more: NotificationOptions & { renotify?: boolean },
): Notification | null {
  try {
    return new Notification(title, { icon: '/favicon.svg', silent: true, ...more });
  } catch {
    return null;
  }
}

export const tell = new Tell();
