import { sessionEnded } from './api/client';
import type { Me, Message, Row } from './api/types';
import { now } from './app/now.svelte';
import { patient } from './app/patient';
import { preferences } from './app/preferences.svelte';
import { router } from './app/router.svelte';
import { Acts, setActs } from './features/acts/acts.svelte';
import { Sending, setSending } from './features/composer/sending';
import { Conversations, setConversations } from './features/conversations/conversations.svelte';
import { Counts, setCounts } from './features/conversations/counts.svelte';
import { ConversationList, setList } from './features/conversations/list.svelte';
import { queryOf } from './features/conversations/rules';
import { setWaits, Waits } from './features/conversations/waits.svelte';
import { Notices } from './features/notifications/notices';
import { wakes } from './features/notifications/wish';
import type { Keeping } from './features/offline/keeping.svelte';
import { Presences, setPresences } from './features/presence/presence.svelte';
import { setViewer, Viewer } from './features/session/viewer.svelte';
import { setThreads, Threads } from './features/thread/threads.svelte';
import { setToasts, Toasts } from './features/toasts/toasts.svelte';
import { Live, setLive, type LiveEvent } from './live/live.svelte';

const mentionPart = patient(() => import('./features/notes/told'));
const keepingPart = patient(() => import('./features/offline/keeping.svelte'));
const staffPart = patient(() => import('./features/staff/told'));

/** Pages older than this when the feed becomes ready may have missed something (PROTOCOLS §3: 15 s are replayed). */
const FRESH_MS = 10_000;

/** Everything of one signed-in person, wired once: stores, the live feed, and who hears what. Only the root knows it. */
export class Inbox {
  readonly viewer = new Viewer();
  readonly conversations = new Conversations();
  readonly counts = new Counts();
  readonly toasts = new Toasts();
  readonly waits = new Waits();
  readonly presence = new Presences();
  readonly live = new Live({ onSignedOut: sessionEnded, wakes });
  readonly list = new ConversationList(this.conversations, this.counts, this.viewer);
  readonly threads = new Threads(this.conversations, this.viewer);
  readonly acts = new Acts(this.conversations, this.counts, this.toasts);
  readonly sending = new Sending(this);

  readonly notices = new Notices(this.live, this.viewer);

  #loadedAt = 0;
  #wasReady = false;
  #recalled = false;
  keeping: Keeping | null = null;

  constructor() {
    this.live.listen((batch) => this.#apply(batch));
  }

  /** Loads the list and connects; who it is for may come a moment later. */
  start(): void {
    this.#loadedAt = Date.now();
    this.list.query = queryOf(router.search);
    void this.list.load();
    this.live.start(preferences.person);
    addEventListener('pagehide', this.#leave);
    addEventListener('online', this.#online);
    addEventListener('popstate', this.list.walked);
  }

  welcome(me: Me): void {
    this.viewer.me = me;
    // Their list has colleagues, too.
    if (me.role === 'technician') void this.list.load();
    if (this.live.state !== 'closed') this.live.start(me.id);
    this.sending.outbox.open(me.id);
    this.sending.unpack();
    void this.waits.load();
    void this.#keep(me.id);
  }

  /** What is read is kept, to be read again without a connection. */
  async #keep(staff: string): Promise<void> {
    const { Keeping } = await keepingPart();
    if (staff === this.viewer.id && this.live.state !== 'closed') this.keeping ??= new Keeping(this, staff);
  }

  recalled(): void {
    this.#recalled = true;
  }

  /** The same person has signed in again after the session had ended. */
  resume(): void {
    this.live.start(this.viewer.id);
    void this.list.reload();
    this.threads.resume();
    this.sending.resume();
  }

  /** The session has ended. What was being written stays, and goes nowhere until its owner has signed in again. */
  pause(): void {
    this.live.stop();
    this.sending.pause();
  }

  stop(): void {
    this.live.stop();
    this.keeping?.stop();
    this.sending.stop();
    removeEventListener('pagehide', this.#leave);
    removeEventListener('online', this.#online);
    removeEventListener('popstate', this.list.walked);
  }

  readonly #leave = (): void => {
    void this.sending.flushDrafts({ leaving: true });
  };

  readonly #online = (): void => {
    this.sending.again();
    this.#again();
  };

  /** What did not load while the server was away. */
  #again(): void {
    if (this.list.failure) void this.list.reload();
    this.threads.again();
  }

  /** One frame's events: every store is told once. */
  #apply(batch: LiveEvent[]): void {
    const rows = new Map<string, Row>();
    const messages: Message[] = [];
    for (const event of batch) {
      if (event.type === 'message.created' || event.type === 'message.updated')
        messages.push(event.data.message);
      const row = 'conversation' in event.data ? event.data.conversation : null;
      if (row) rows.set(row.id, row);
      if (event.type === 'conversation.removed') {
        rows.delete(event.data.id);
        this.#removed(event.data.id);
      }
      if (event.type === 'presence') this.presence.take(event.data);
      if (event.type === 'counts') this.counts.take(event.data);
      if (event.type === 'ready') this.#ready(event.data.server_time);
      if (event.type === 'reload') this.#reload();
      if (event.type === 'staff.updated') this.#whoAgain();
    }
    this.threads.take(messages);
    this.sending.heard(messages);
    if (messages.some(({ mentions }) => mentions.length > 0)) void this.#mentioned(messages);
    if (rows.size > 0) this.conversations.take([...rows.values()]);
  }

  /** A colleague's note names somebody: seldom, so what tells of it comes then. */
  async #mentioned(messages: readonly Message[]): Promise<void> {
    const { tellMentions } = await mentionPart();
    tellMentions(messages, this);
  }

  /** What they may do by now. */
  #whoAgain(): void {
    void staffPart().then(({ readAgain }) => readAgain(this));
  }

  #removed(id: string): void {
    this.conversations.remove(id);
    this.threads.end(id);
    this.sending.outbox.strand(id);
  }

  #ready(serverTime: string): void {
    now.follow(serverTime);
    this.sending.again();
    if (Date.now() - this.#loadedAt > FRESH_MS && !this.#wasReady) this.#reload();
    this.#wasReady = true;
    if (this.#recalled) this.#whoAgain();
    this.#recalled = false;
    this.#again();
  }

  #reload(): void {
    this.#loadedAt = Date.now();
    this.#whoAgain();
    this.sending.missed();
    void this.list.reload();
    this.threads.reload();
  }
}

/** Called while the root is made: from here on each component asks, by context, for the stores that it uses. */
export function provide(inbox: Inbox): void {
  setViewer(inbox.viewer);
  setConversations(inbox.conversations);
  setCounts(inbox.counts);
  setToasts(inbox.toasts);
  setWaits(inbox.waits);
  setPresences(inbox.presence);
  setLive(inbox.live);
  setList(inbox.list);
  setThreads(inbox.threads);
  setActs(inbox.acts);
  setSending(inbox.sending);
}
