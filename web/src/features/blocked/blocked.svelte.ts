import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { Blocked } from '../../api/types';
import type { Change, Conversations } from '../conversations/conversations.svelte';

/** Who is blocked, the last blocked first. */
export class BlockedList {
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  all = $state.raw<readonly Blocked[]>([]);
  failure = $state.raw<Failure | null>(null);
  hasMore = $state(false);
  #next: string | null = null;
  #asked = 0;

  constructor() {
    void this.load();
  }

  /** What colleagues do meanwhile is seen at once; until the returned function is called. */
  follow(conversations: Conversations): () => void {
    return conversations.listen((changes) => this.#changed(changes));
  }

  async load(): Promise<void> {
    await this.#fetch(null);
  }

  async more(): Promise<void> {
    if (this.#next) await this.#fetch(this.#next);
  }

  /** It is blocked no more. */
  remove(conversation: string): void {
    this.all = this.all.filter((one) => one.conversation_id !== conversation);
  }

  async #fetch(cursor: string | null): Promise<void> {
    const asked = ++this.#asked;
    this.failure = null;
    try {
      const query = { limit: 50, ...(cursor && { cursor }) };
      const page = await answer(api.GET('/api/blocked', { params: { query } }));
      if (asked !== this.#asked) return;
      this.all = cursor ? [...this.all, ...page.blocked] : page.blocked;
      this.#next = page.next_cursor;
      this.hasMore = page.next_cursor !== null;
      this.state = 'ready';
    } catch (cause) {
      if (asked !== this.#asked) return;
      this.failure = Failure.from(cause);
      if (this.all.length === 0) this.state = 'failed';
    }
  }

  #changed(changes: readonly Change[]): void {
    const here = (id: string) => this.all.find((one) => one.conversation_id === id);
    for (const { id, row } of changes) {
      if (row && !row.blocked && here(id)) this.remove(id);
      if (row?.blocked && !here(id) && this.state === 'ready') void this.load();
    }
  }
}
