import { createContext } from 'svelte';

import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { Match, Row, Suggestion } from '../../api/types';
import { phone } from '../../app/media.svelte';
import { now } from '../../app/now.svelte';
import { router } from '../../app/router.svelte';
import type { Viewer } from '../session/viewer.svelte';
import { atConversations } from './address';
import type { Change, Conversations } from './conversations.svelte';
import type { Counts } from './counts.svelte';
import { belongs, everything, order, pageOrder, queryOf, searchOf, type Query } from './rules';

const PAGE = 50;
/** Words are looked for when the typing pauses for this long. */
const TYPING_MS = 120;
/** How far the index behind a list may lag (its stream's delay). */
const INDEX_LAG_MS = 10_000;
const SEARCH_AGAIN_MS = 2000;
/** A list that could not be had, for a reason that passes, is asked for again: after the first, then ever later. */
const AGAIN_MS = [1000, 2000, 5000, 10_000];

/**
 * The list on the left: pages from the server, kept in order by what `Conversations` learns. While the pointer rests
 * on a row, that row keeps its place and everything else moves around it.
 */
export class ConversationList {
  query = $state.raw<Query>(everything);
  rows = $state.raw<readonly Row[]>([]);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  /** Rows of an older query are shown while the answer to this one is on its way. */
  stale = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** It is what this device kept, as of then: nobody answers. */
  asOf = $state<string | null>(null);
  moreFailed = $state(false);
  /** Where the words that are searched for were found, by conversation. */
  matches = $state.raw<ReadonlyMap<string, Match>>(new Map());
  /** The search looked only so far: there may be more. */
  partial = $state(false);
  /** Near words that find something, where these found nothing. */
  suggested = $state.raw<Suggestion>({ suggestion: null, suggestion_found: null });
  /** The row that j and k stand on. */
  cursor = $state<string | null>(null);
  /** While some are selected, or about to be: which. */
  picked = $state.raw<{ has: (id: string) => boolean } | null>(null);

  readonly #all: Conversations;
  readonly #counts: Counts;
  readonly #viewer: Viewer;
  #next: string | null = null;
  #loading: AbortController | null = null;
  #loadingMore = false;
  /** Rows as a page of this very query carried them: the server's word that they belong, as long as they are these. */
  #vouched = new Map<string, Row>();
  /** The last row of the last page. Beyond it only the server knows who stands where. */
  #end: Row | null = null;
  /** When rows last changed; a page may come from an index that has not seen it yet. */
  #changedAt = new Map<string, number>();
  #held: { id: string; index: number } | null = null;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(all: Conversations, counts: Counts, viewer: Viewer) {
    this.#all = all;
    this.#counts = counts;
    this.#viewer = viewer;
    all.listen((changes) => this.#changed(changes));
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** Where this list is, without a thread. */
  get address(): string {
    return `/conversations${searchOf(this.query)}`;
  }

  /** Where a conversation is, beside this list. */
  addressOf(conversation: string): string {
    return `/conversations/${conversation}${searchOf(this.query)}`;
  }

  /** Another list, which the address carries too. Typing in the search box makes no history. */
  choose(change: Partial<Query>): void {
    const query = { ...this.query, ...change };
    const replace = query.q !== this.query.q;
    this.show(query);
    const path = atConversations() && !phone.current ? location.pathname : '/conversations';
    router.go(path + searchOf(query), { replace });
  }

  /** What the address says, which the reader walked back or forward to. */
  readonly walked = (): void => {
    if (atConversations()) this.show(queryOf(router.search));
  };

  /** Shows another list. What is known already is there in the same frame; the server's answer replaces it. */
  show(query: Query): void {
    const old = this.query;
    if (
      old.filter === query.filter &&
      old.sort === query.sort &&
      old.assigned === query.assigned &&
      old.q === query.q
    )
      return;
    this.query = query;
    this.picked = null;
    clearTimeout(this.#typing);
    if (query.q !== old.q) {
      this.stale = true;
      this.#typing = setTimeout(() => void this.load(), query.q ? TYPING_MS : 0);
      return;
    }
    this.#guess();
    void this.load();
  }

  /** The first page of the current query. */
  load(): Promise<void> {
    return this.#fetch(1, PAGE);
  }

  /** What is known, while nobody answers. */
  recall(asOf: string): void {
    this.#guess();
    this.asOf = asOf;
  }

  /** Everything anew, as much as was loaded: after a gap that was too long to replay. */
  reload(): Promise<void> {
    return this.#fetch(this.rows.length, 200);
  }

  async #fetch(wanted: number, limit: number): Promise<void> {
    this.#loading?.abort();
    clearTimeout(this.#retry);
    const loading = (this.#loading = new AbortController());
    const asked = performance.now();
    this.failure = null;
    if (this.rows.length === 0) this.state = 'loading';
    try {
      const rows: Row[] = [];
      let next: string | null = null;
      do {
        const page = await this.#page(next, limit, loading.signal);
        rows.push(...page.conversations);
        next = page.next_cursor;
      } while (next !== null && rows.length < wanted);
      this.#replace(rows, next, asked);
    } catch (cause) {
      if (!loading.signal.aborted) this.#failed(Failure.from(cause));
    }
  }

  /** The next page, when the end comes near. */
  async more(): Promise<void> {
    if (this.#next === null || this.#loadingMore || this.stale) return;
    this.#loadingMore = true;
    this.moreFailed = false;
    const signal = this.#loading?.signal;
    try {
      const page = await this.#page(this.#next, 200, signal);
      if (signal?.aborted) return;
      this.#next = page.next_cursor;
      this.#vouch(page.conversations);
      this.#arrange([...this.rows, ...page.conversations]);
    } catch {
      this.moreFailed = !signal?.aborted;
    } finally {
      this.#loadingMore = false;
    }
  }

  /** The pointer rests on this row: it will not move. */
  hold(id: string): void {
    if (this.#held?.id === id) return;
    this.release();
    const index = this.rows.findIndex((row) => row.id === id);
    this.#held = index < 0 ? null : { id, index };
  }

  /** The pointer has left: what waited falls into place. */
  release(): void {
    if (!this.#held) return;
    this.#held = null;
    this.#arrange(this.rows);
  }

  /** The row `by` places from the cursor, or from `from` when there is no cursor. */
  step(by: number, from: string | null): Row | undefined {
    const at = this.rows.findIndex((row) => row.id === (this.cursor ?? from));
    const to = at < 0 ? (by > 0 ? 0 : this.rows.length - 1) : at + by;
    const row = this.rows[Math.min(Math.max(to, 0), this.rows.length - 1)];
    this.cursor = row?.id ?? null;
    return row;
  }

  async #page(cursor: string | null, limit: number, signal?: AbortSignal) {
    const { filter, sort, assigned, q } = this.query;
    const query = {
      filter,
      sort,
      limit,
      // On phones colleagues stand among the customers; the office has a list for them.
      ...(this.#viewer.me?.role === 'technician' && { type: 'all' as const }),
      ...(assigned && { assigned }),
      ...(q.trim() && { q: q.trim() }),
      ...(cursor && { cursor }),
    };
    const counted = this.#counts.asking();
    const page = await answer(api.GET('/api/conversations', { params: { query }, signal: signal ?? null }));
    this.#all.take(page.conversations);
    counted(page.counts);
    this.partial = page.more;
    this.suggested = page;
    const before = cursor === null ? [] : [...this.matches];
    this.matches = new Map([
      ...before,
      ...page.matches.map((match) => [match.conversation_id, match] as const),
    ]);
    return page;
  }

  #replace(rows: readonly Row[], next: string | null, asked: number): void {
    this.#vouched.clear();
    this.#vouch(rows);
    this.#next = next;
    this.stale = false;
    this.state = 'ready';
    this.asOf = null;
    this.#failures = 0;
    this.#arrange(this.query.q ? rows : [...rows, ...this.#changedSince(asked - INDEX_LAG_MS)]);
  }

  #vouch(rows: readonly Row[]): void {
    for (const row of rows) this.#vouched.set(row.id, row);
    // What is pinned stands outside of the order of pages.
    this.#end = rows.findLast(({ pinned }) => !pinned) ?? this.#end;
  }

  #changedSince(time: number): Row[] {
    for (const [id, at] of this.#changedAt) if (at < time) this.#changedAt.delete(id);
    return [...this.#changedAt.keys()].flatMap((id) => this.#all.get(id) ?? []);
  }

  #failed(failure: Failure): void {
    this.failure = failure;
    this.stale = false;
    if (this.rows.length === 0 || this.query.q) this.state = 'failed';
    if (!failure.passing) return;
    const wait = AGAIN_MS[Math.min(this.#failures++, AGAIN_MS.length - 1)];
    this.#retry = setTimeout(() => void this.load(), wait);
  }

  /** The rows that we know and that belong here, until the server's page comes. */
  #guess(): void {
    this.#vouched.clear();
    this.#end = null;
    this.#next = null;
    this.stale = true;
    if (this.query.q) return;
    this.#arrange([...this.#all.known.values()]);
    this.state = this.rows.length > 0 ? 'ready' : 'loading';
  }

  #changed(changes: Change[]): void {
    for (const { id } of changes) this.#changedAt.set(id, performance.now());
    // Before the first page is here, what the feed tells is no list; the page brings these too.
    if (this.state !== 'ready') return;
    if (this.query.q) {
      this.#searchAgain(changes);
      this.#arrange(this.rows);
      return;
    }
    const changed = new Set(changes.map(({ id }) => id));
    const fresh = changes.flatMap(({ row }) => row ?? []);
    this.#arrange([...this.rows.filter((row) => !changed.has(row.id)), ...fresh]);
  }

  /** While words are searched for, only the server knows who else matches now. */
  #searchAgain(changes: Change[]): void {
    const foreign = changes.some(({ id }) => !this.#vouched.has(id));
    if (!foreign || this.#again !== undefined || this.state === 'loading' || this.stale) return;
    this.#again = setTimeout(() => {
      this.#again = undefined;
      if (this.query.q) void (this.rows.length > PAGE ? this.reload() : this.load());
    }, SEARCH_AGAIN_MS);
  }

  /** Shows these rows as they are now, in order; with words to look for, in the server's order. */
  #arrange(candidates: readonly Row[]): void {
    const ids = new Set(candidates.map((row) => row.id));
    const rows: Row[] = [];
    for (const id of ids) {
      const row = this.#all.get(id);
      if (row && this.#belongs(row)) rows.push(row);
    }
    if (!this.query.q) rows.sort(order(this.query));
    this.rows = this.#keepHeld(rows);
  }

  #belongs(row: Row): boolean {
    if (row.blocked || (row.type === 'internal' && this.#viewer.may('browse'))) return false;
    if (this.query.q || row.id === this.#held?.id || this.#vouched.get(row.id) === row) return true;
    return belongs(row, this.query, this.#viewer.id, now.ms) && this.#inReach(row);
  }

  #inReach(row: Row): boolean {
    return (
      row.pinned || this.#next === null || this.#end === null || pageOrder(this.query)(row, this.#end) <= 0
    );
  }

  #keepHeld(rows: Row[]): Row[] {
    const held = this.#held;
    const at = held ? rows.findIndex((row) => row.id === held.id) : -1;
    if (!held || at < 0 || at === held.index) return rows;
    const [row] = rows.splice(at, 1);
    if (row) rows.splice(held.index, 0, row);
    return rows;
  }
}

export const [getList, setList] = createContext<ConversationList>();
