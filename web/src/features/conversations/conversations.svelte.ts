import type { Row } from '../../api/types';

/** A change of ours that the server has not confirmed yet, drawn over what it last said. */
interface Overlay {
  patch: Partial<Row>;
  /** The row's version when it was drawn. */
  over: number;
  /** The command was answered: the next newer row from the server ends the overlay. */
  answered: boolean;
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

  /** Draws an act at once. The returned function ends it: whether the server agreed, and whether we have its new row. */
  draw(id: string, patch: Partial<Row>): (agreed: boolean, renewed?: boolean) => void {
    const overlay: Overlay = { patch, over: this.#said.get(id)?.version ?? 0, answered: false };
    this.#overlays.set(id, [...(this.#overlays.get(id) ?? []), overlay]);
    this.#publish([id]);
    return (agreed, renewed = false) => {
      overlay.answered = true;
      const newer = (this.#said.get(id)?.version ?? 0) > overlay.over;
      if (!agreed || renewed || newer) this.#erase(id, overlay);
      // The event that carries the new row is on its way; without one, stop pretending after a while.
      else setTimeout(() => this.#erase(id, overlay), 10_000);
    };
  }

  /** Forgets everything: signing out, or somebody else signing in. */
  clear(): void {
    const ids = [...this.#said.keys()];
    this.#said.clear();
    this.#overlays.clear();
    this.#publish(ids);
  }

  #prune(row: Row): void {
    const left = this.#overlays
      .get(row.id)
      ?.filter((overlay) => !(overlay.answered && row.version > overlay.over));
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
