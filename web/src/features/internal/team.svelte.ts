import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { Row } from '../../api/types';
import type { Live } from '../../live/live.svelte';
import type { Conversations } from '../conversations/conversations.svelte';

/** The office's internal threads, the last used first: pages from the server, kept true by what is told live. */
export class Team {
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  failure = $state.raw<Failure | null>(null);
  more = $state(false);
  readonly #all: Conversations;
  #next: string | null = null;

  constructor(all: Conversations) {
    this.#all = all;
  }

  /** Those in which somebody has written. */
  get rows(): Row[] {
    return [...this.#all.known.values()]
      .filter((row) => row.type === 'internal' && row.last_message !== null)
      .sort((a, b) => (a.last_activity_at < b.last_activity_at ? 1 : -1));
  }

  follow(live: Live): () => void {
    return live.listen((batch) => {
      if (batch.some(({ type }) => type === 'ready' || type === 'reload')) void this.load();
    });
  }

  async load(): Promise<void> {
    this.#next = null;
    await this.loadMore();
  }

  async loadMore(): Promise<void> {
    this.failure = null;
    try {
      const query = { type: 'internal' as const, limit: 100, ...(this.#next && { cursor: this.#next }) };
      const page = await answer(api.GET('/api/conversations', { params: { query } }));
      this.#all.take(page.conversations);
      this.#next = page.next_cursor;
      this.more = page.next_cursor !== null;
      this.state = 'ready';
    } catch (cause) {
      this.failure = Failure.from(cause);
      if (this.state === 'loading') this.state = 'failed';
    }
  }
}
