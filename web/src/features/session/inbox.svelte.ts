import { untrack } from 'svelte';

import { answer, api, sessionEnded } from '../../api/client';
import type { Hours, Me, Message, Row } from '../../api/types';
import { firstName } from '../../app/format';
import { phone } from '../../app/media.svelte';
import { now } from '../../app/now.svelte';
import { router } from '../../app/router.svelte';
import { Live, type LiveEvent } from '../../live/live.svelte';
import { Acts } from '../acts/acts';
import { Conversations, type Change } from '../conversations/conversations.svelte';
import { Counts } from '../conversations/counts.svelte';
import { ConversationList } from '../conversations/list.svelte';
import { openTime } from '../conversations/hours';
import { queryOf, searchOf, urgency, type Query } from '../conversations/rules';
import { Thread } from '../thread/thread.svelte';
import { Toasts } from '../toasts/toasts.svelte';
import { Sending } from './sending';

/** Threads kept warm: going back to one is instant, and live events keep it true. */
const WARM = 6;
/** Pages older than this when the feed becomes ready may have missed something (PROTOCOLS §3: 15 s are replayed). */
const FRESH_MS = 10_000;

/** Everything of one signed-in person, wired once: stores, the live feed, and who hears what. */
export class Inbox {
  me = $state.raw<Me | null>(null);
  /** When the business answers; until it is known, always. */
  hours = $state.raw<Hours | null>(null);
  readonly conversations = new Conversations();
  readonly counts = new Counts();
  readonly toasts = new Toasts();
  readonly list = new ConversationList(
    this.conversations,
    () => this.me?.id ?? '',
    (counts) => this.counts.take(counts),
  );
  readonly live = new Live({ onSignedOut: sessionEnded });
  readonly acts = new Acts(this.conversations, this.counts, this.toasts);
  readonly sending = new Sending(this);
  /** Messages that came in while their thread was on the screen, for those who listen. */
  heard = $state.raw<Message | null>(null);

  readonly #threads = new Map<string, Thread>();
  #loadedAt = 0;

  constructor() {
    this.live.listen((batch) => this.#apply(batch));
    this.conversations.listen((changes) => this.#refreshDetails(changes));
  }

  /** Loads the list and connects; who it is for may come a moment later. */
  start(): void {
    this.#loadedAt = Date.now();
    this.list.query = queryOf(router.search);
    void this.list.load();
    this.live.start();
    addEventListener('pagehide', this.#leave);
    addEventListener('online', this.#online);
    addEventListener('popstate', this.#walked);
  }

  welcome(me: Me): void {
    this.me = me;
    void this.sending.outbox.open(me.id, now.exact());
    void answer(api.GET('/api/settings/hours')).then(
      (hours) => (this.hours = hours),
      () => undefined, // colours by the clock, then
    );
  }

  /** The same person has signed in again after the session had ended. */
  resume(): void {
    this.live.start();
    void this.list.reload();
    for (const thread of this.#threads.values()) void thread.reload();
    this.sending.resume();
  }

  /** The session has ended. What was being written stays, and goes nowhere until its owner has signed in again. */
  pause(): void {
    this.live.stop();
    this.sending.pause();
  }

  stop(): void {
    this.live.stop();
    this.sending.stop();
    removeEventListener('pagehide', this.#leave);
    removeEventListener('online', this.#online);
    removeEventListener('popstate', this.#walked);
  }

  /** The thread, warm or newly loading. */
  thread(id: string): Thread {
    // Called while drawing: what the stores touch in loading must not make the drawing depend on it.
    return untrack(() => {
      const thread = this.#threads.get(id) ?? new Thread(id);
      this.#threads.delete(id);
      this.#threads.set(id, thread);
      for (const old of this.#threads.keys()) if (this.#threads.size > WARM) this.#threads.delete(old);
      if (thread.state !== 'ready') void this.#open(thread);
      return thread;
    });
  }

  async #open(thread: Thread): Promise<void> {
    await thread.load();
    if (thread.details) this.conversations.take([thread.details]);
  }

  /** The thread, if it was opened lately. */
  warm(id: string): Thread | undefined {
    return this.#threads.get(id);
  }

  /** Another list, which the address carries too. Typing in the search box makes no history. */
  show(query: Query): void {
    const replace = query.q !== this.list.query.q;
    this.list.show(query);
    const path =
      router.route.page === 'conversations' && !phone.current ? location.pathname : '/conversations';
    router.go(path + searchOf(query), { replace });
  }

  /** Back and forward: the list is what the address says. */
  readonly #walked = (): void => {
    if (router.route.page === 'conversations') this.list.show(queryOf(router.search));
  };

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
    for (const thread of this.#threads.values()) if (thread.state === 'failed') void this.#open(thread);
  }

  /** One frame's events: every store is told once. */
  #apply(batch: LiveEvent[]): void {
    const rows: Row[] = [];
    const messages: Message[] = [];
    for (const event of batch) {
      if (event.type === 'message.created' || event.type === 'message.updated')
        messages.push(event.data.message);
      if ('conversation' in event.data && event.data.conversation) rows.push(event.data.conversation);
      if (event.type === 'conversation.removed') this.#removed(event.data.id);
      if (event.type === 'counts') this.counts.take(event.data);
      if (event.type === 'ready') this.#ready(event.data.server_time);
      if (event.type === 'reload') this.#reload();
    }
    this.#hear(messages);
    for (const thread of this.#threads.values()) thread.take(messages);
    this.sending.heard(messages);
    if (rows.length > 0) this.conversations.take(rows);
  }

  #hear(messages: Message[]): void {
    const { route } = router;
    const open = route.page === 'conversations' ? route.id : null;
    const heard = messages.findLast(
      (message) =>
        message.direction === 'in' &&
        message.conversation_id === open &&
        message.seq > (this.#threads.get(open)?.seen ?? 0),
    );
    if (heard) this.heard = heard;
  }

  #removed(id: string): void {
    this.conversations.remove(id);
    this.#threads.get(id)?.end();
  }

  #ready(serverTime: string): void {
    now.follow(serverTime);
    this.sending.again();
    if (Date.now() - this.#loadedAt > FRESH_MS && !this.#wasReady) this.#reload();
    this.#wasReady = true;
    this.#again();
  }
  #wasReady = false;

  #reload(): void {
    this.#loadedAt = Date.now();
    void this.list.reload();
    const { route } = router;
    for (const [id, thread] of this.#threads) {
      if (route.page === 'conversations' && route.id === id) void thread.reload();
      else this.#threads.delete(id);
    }
  }

  /** What only the details carry follows the row: consent, the customer, the job. */
  #refreshDetails(changes: Change[]): void {
    for (const { id, row } of changes) {
      const thread = this.#threads.get(id);
      const had = thread?.details;
      if (!row || !had || thread.state !== 'ready') continue;
      const facts = (one: Row) => JSON.stringify([one.consent, one.customer, one.lead, one.job]);
      if (row.version > had.version && facts(row) !== facts(had)) void thread.refreshDetails();
    }
  }

  /** How urgent a wait looks: by the hours in which somebody should have answered. */
  urgency(row: Row, at: number): '' | 'amber' | 'red' {
    if (!row.attention || row.waiting_since === null) return '';
    const since = Date.parse(row.waiting_since);
    return urgency(row.channel, this.hours ? openTime(since, at, this.hours) : at - since);
  }

  /** "You", or a colleague's first name. */
  authorName(author: { id: string; name: string } | null, you: string): string | null {
    if (!author) return null;
    return author.id === this.me?.id ? you : firstName(author.name);
  }
}
