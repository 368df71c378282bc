import { createContext } from 'svelte';

import type { Row } from '../../api/types';

/** A change of ours, drawn over what the server last said until a row of its has the change too. */
interface Overlay {
  patch: Partial<Row>;
  /** Null while no answer has come; then the place in the timeline from which on a row has it. */
  from: number | null;
}

export interface Change {
  row: Row | null;
  id: string;
}

/**
 * Every conversation this window knows, by id, newest version only. Pages of lists, live events and answers to
 * commands all come through `take`; acts draw themselves over the rows at once through `draw`.
 */
export class Conversations {
  /** Replaced, never changed, so that one frame's events cost one update. */
  known = $state.raw<ReadonlyMap<string, Row>>(new Map());
  readonly #said = new Map<string, Row>();
  readonly #overlays = new Map<string, Overlay[]>();
  readonly #listeners = new Set<(changes: Change[]) => void>();

  get(id: string): Row | undefined {
    return this.known.get(id);
  }

  listen(listener: (changes: Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What the server says now. Older versions than the one we have are dropped (P8). */
  take(rows: readonly Row[]): void {
    const changed = new Set<string>();
    for (const row of rows) {
      const had = this.#said.get(row.id);
      if (had && had.version > row.version) continue;
      this.#said.set(row.id, row);
      this.#prune(row);
      changed.add(row.id);
    }
    this.#publish(changed);
  }

  /** Access has ended, or the thread is no more. */
  remove(id: string): void {
    this.#said.delete(id);
    this.#overlays.delete(id);
    this.#publish([id]);
  }

  /**
   * Draws an act at once. The returned function ends it: at once when the server disagreed, else with the first row that
   * has it. That row may be here already or come later: the answer to an act brings it, and a message is in every row
   * whose timeline reaches its place, `from`.
   */
  draw(id: string, patch: Partial<Row>): (agreed: boolean, from?: number) => void {
    const overlay: Overlay = { patch, from: null };
    this.#overlays.set(id, [...(this.#overlays.get(id) ?? []), overlay]);
    this.#publish([id]);
    return (agreed, from = 0) => {
      overlay.from = from;
      if (!agreed || (this.#said.get(id)?.seq ?? 0) >= from) this.#erase(id, overlay);
    };
  }

  #prune(row: Row): void {
    const left = this.#overlays.get(row.id)?.filter(({ from }) => from === null || row.seq < from);
    if (left) this.#setOverlays(row.id, left);
  }

  #erase(id: string, overlay: Overlay): void {
    const overlays = this.#overlays.get(id);
    if (!overlays?.includes(overlay)) return;
    this.#setOverlays(
      id,
      overlays.filter((other) => other !== overlay),
    );
    this.#publish([id]);
  }

  #setOverlays(id: string, overlays: Overlay[]): void {
    if (overlays.length > 0) this.#overlays.set(id, overlays);
    else this.#overlays.delete(id);
  }

  #seen(id: string): Row | null {
    const said = this.#said.get(id);
    if (!said) return null;
    const overlays = this.#overlays.get(id) ?? [];
    return overlays.length === 0
      ? said
      : Object.assign({}, said, ...overlays.map((overlay) => overlay.patch));
  }

  #publish(ids: Iterable<string>): void {
    const changes = Array.from(ids, (id) => ({ id, row: this.#seen(id) }));
    if (changes.length === 0) return;
    const known = new Map(this.known);
    for (const { id, row } of changes) {
      if (row) known.set(id, row);
      else known.delete(id);
    }
    this.known = known;
    for (const listener of this.#listeners) listener(changes);
  }
}

export const [getConversations, setConversations] = createContext<Conversations>();
