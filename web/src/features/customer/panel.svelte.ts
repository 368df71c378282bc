import { narrow } from '../../app/media.svelte';
import { preferences } from '../../app/preferences.svelte';

/**
 * Whether the panel beside the thread is shown. Where there is no room it is a drawer: a step in the history, so that
 * "back" closes it.
 */
class Panel {
  #drawer = $state(false);
  /** Whether what happened is shown: asked for only then. It stays so from thread to thread. */
  activity = $state(false);

  constructor() {
    addEventListener('popstate', () => (this.#drawer = history.state?.drawer === true));
  }

  get shown(): boolean {
    return narrow.current ? this.#drawer : preferences.panel;
  }

  toggle(): void {
    if (!narrow.current) preferences.panel = !preferences.panel;
    else if (this.#drawer) this.close();
    else this.open();
  }

  /** As a drawer. */
  open(): void {
    history.pushState({ ...history.state, drawer: true }, '');
    this.#drawer = true;
  }

  close(): void {
    this.leave();
    if (history.state?.drawer) history.back();
  }

  /** What it belonged to is no longer open. */
  leave(): void {
    this.#drawer = false;
  }
}

export const panel = new Panel();
