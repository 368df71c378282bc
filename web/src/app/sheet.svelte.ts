import type { Component } from 'svelte';

// Each sheet has properties of its own: what draws it passes on what it was opened with.
type Part = Component<Record<string, unknown>>;

/** A dialog that any part may open, from wherever it is: a file of its own, drawn above the window until it closes. */
class Sheet {
  now = $state.raw<{ part: Promise<{ default: Part }>; given: Record<string, unknown> } | null>(null);

  /** Opens it in the place of the one that is open. What it is given, it has with `onclose`, which ends it. */
  open<P extends object>(
    load: () => Promise<{ default: Component<P & { onclose: () => void }> }>,
    given: P,
  ): void {
    const part = load() as Promise<{ default: unknown }> as Promise<{ default: Part }>;
    // Another may stand in its place by then.
    const onclose = () => this.now === opened && (this.now = null);
    const opened = { part, given: { ...given, onclose } };
    this.now = opened;
  }
}

export const sheet = new Sheet();
