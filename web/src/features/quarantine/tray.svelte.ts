import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { QuarantineItem, ReplayAnswer } from '../../api/types';
import type { IconName } from '../../app/Icon.svelte';
import { t } from '../../app/strings';

export const TRAYS = ['quarantined', 'unverified'] as const;
export type TrayName = (typeof TRAYS)[number];

/** What came of a replay, in words. */
export interface Outcome {
  icon: IconName;
  look: 'green' | 'amber' | 'red';
  words: string;
  /** Where it is now. */
  conversation: string | null;
}

/** One part of what arrived and found no place (P1), page by page, and what came of replays since it was opened. */
export class Tray {
  items = $state.raw<readonly QuarantineItem[] | null>(null);
  failure = $state.raw<Failure | null>(null);
  more = $state<'none' | 'there' | 'loading' | 'failed'>('none');
  outcomes = $state.raw<ReadonlyMap<string, Outcome>>(new Map());
  replaying = $state.raw<ReadonlySet<string>>(new Set());

  readonly #name: TrayName;
  #next: string | null = null;

  constructor(name: TrayName) {
    this.#name = name;
  }

  async load(): Promise<void> {
    this.failure = null;
    try {
      this.items = await this.#page();
    } catch (cause) {
      this.failure = Failure.from(cause);
    }
  }

  async loadMore(): Promise<void> {
    if (this.#next === null || this.more === 'loading') return;
    this.more = 'loading';
    try {
      const page = await this.#page();
      const had = this.items ?? [];
      // What arrived meanwhile has moved the pages: an item may come twice.
      this.items = [...had, ...page.filter(({ id }) => !had.some((one) => one.id === id))];
    } catch {
      this.more = 'failed';
    }
  }

  async #page(): Promise<QuarantineItem[]> {
    const query = { tray: this.#name, ...(this.#next && { cursor: this.#next }) };
    const page = await answer(api.GET('/api/quarantine', { params: { query } }));
    this.#next = page.next_cursor;
    this.more = page.next_cursor ? 'there' : 'none';
    return page.items;
  }

  /** Replaying twice does no more than once: the receipt is its own command (P2). */
  async replay(id: string): Promise<void> {
    if (this.replaying.has(id)) return;
    this.replaying = new Set([...this.replaying, id]);
    const outcome = await tried(id);
    this.outcomes = new Map([...this.outcomes, [id, outcome]]);
    this.replaying = new Set([...this.replaying].filter((other) => other !== id));
  }
}

async function tried(id: string): Promise<Outcome> {
  try {
    const came: ReplayAnswer = await answer(
      api.POST('/api/quarantine/{id}/replay', { params: { path: { id } } }),
    );
    return came.applied
      ? applied(came.conversation_id ?? null)
      : waits(came.reason ?? t('quarantine.unknown'));
  } catch (cause) {
    return refused(Failure.from(cause));
  }
}

const applied = (conversation: string | null): Outcome => ({
  icon: 'okc',
  look: 'green',
  words: conversation ? t('quarantine.inThread') : t('quarantine.takenIn'),
  conversation,
});

const waits = (reason: string): Outcome => ({
  icon: 'clock',
  look: 'amber',
  words: t('quarantine.waits', { reason }),
  conversation: null,
});

function refused(failure: Failure): Outcome {
  const words =
    failure.slug === 'not-genuine'
      ? t('quarantine.forged')
      : failure.status === 404
        ? t('quarantine.gone')
        : t('acts.failed', { reason: failure.passing ? t('acts.noAnswer') : failure.message });
  return { icon: 'alert', look: 'red', words, conversation: null };
}
