import { createContext, untrack } from 'svelte';

import type { Message, Row } from '../../api/types';
import { named } from '../conversations/address';
import type { Change, Conversations } from '../conversations/conversations.svelte';
import type { Viewer } from '../session/viewer.svelte';
import { Thread } from './thread.svelte';

/** Threads kept warm: going back to one is instant, and live events keep it true. */
const WARM = 6;

/** The threads that were opened lately. */
export class Threads {
  /** Who is told of what was loaded, or could not be. */
  loaded: ((thread: Thread) => void) | null = null;
  /** The last message that came in while its thread was on the screen, for those who listen. */
  heard = $state.raw<Message | null>(null);
  readonly #all: Conversations;
  readonly #viewer: Viewer;
  readonly #warm = new Map<string, Thread>();

  constructor(all: Conversations, viewer: Viewer) {
    this.#all = all;
    this.#viewer = viewer;
    all.listen((changes) => this.#refreshDetails(changes));
  }

  /** The thread, warm or newly loading. */
  open(id: string): Thread {
    // Called while drawing: what the stores touch in loading must not make the drawing depend on it.
    return untrack(() => {
      const thread = this.#warm.get(id) ?? new Thread(id, () => this.#viewer.id);
      this.#warm.delete(id);
      this.#warm.set(id, thread);
      for (const old of this.#warm.keys()) if (this.#warm.size > WARM) this.#warm.delete(old);
      if (thread.state !== 'ready') void this.#load(thread);
      return thread;
    });
  }

  /** The thread, if it was opened lately. */
  warm(id: string): Thread | undefined {
    return this.#warm.get(id);
  }

  /** What the feed tells. */
  take(messages: readonly Message[]): void {
    this.#hear(messages);
    for (const thread of this.#warm.values()) thread.take(messages);
  }

  /** Access has ended, or the thread is no more. */
  end(id: string): void {
    this.#warm.get(id)?.end();
  }

  /** What did not load while the server was away. */
  again(): void {
    for (const thread of this.#warm.values()) {
      if (thread.state === 'failed') void this.#load(thread);
      if (thread.asOf) void thread.reload();
    }
  }

  /** After too long a gap: what is on the screen anew, the rest when it is opened. */
  reload(): void {
    const { id } = named();
    for (const [warm, thread] of this.#warm) {
      if (warm === id) void thread.reload();
      else this.#warm.delete(warm);
    }
  }

  /** The same person has signed in again. */
  resume(): void {
    for (const thread of this.#warm.values()) void thread.reload();
  }

  async #load(thread: Thread): Promise<void> {
    await thread.load();
    if (thread.details) this.#all.take([thread.details]);
    this.loaded?.(thread);
  }

  #hear(messages: readonly Message[]): void {
    const { id } = named();
    const seen = (id && this.#warm.get(id)?.newest) || 0;
    const heard = messages.findLast(
      ({ direction, conversation_id, seq }) => direction === 'in' && conversation_id === id && seq > seen,
    );
    if (heard) this.heard = heard;
  }

  /** What only the details carry follows the row: consent, the customer, the job. */
  #refreshDetails(changes: Change[]): void {
    for (const { id, row } of changes) {
      const thread = this.#warm.get(id);
      const had = thread?.details;
      // It was closed to its reader, and is theirs to see again.
      if (row && thread?.state === 'gone') void this.#load(thread);
      if (!row || !had || thread.state !== 'ready') continue;
      const facts = (one: Row) =>
        JSON.stringify([
          one.consent,
          one.consent_doubt,
          one.cannot_text,
          one.blocked,
          one.customer,
          one.lead,
          one.job,
        ]);
      if (row.version > had.version && facts(row) !== facts(had)) void thread.refreshDetails();
    }
  }
}

export const [getThreads, setThreads] = createContext<Threads>();
