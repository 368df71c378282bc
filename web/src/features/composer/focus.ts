import { tick } from 'svelte';

import type { Desk } from './desk.svelte';

/** The way to the box from elsewhere, also before it is there. */
class ComposerFocus {
  /** The composer that is on the screen. */
  desk: Desk | null = null;
  #box: HTMLElement | null = null;
  /** Where somebody was who wanted to write before the box was there. */
  #from: Element | null = null;

  /** Set by the part that owns it. Whoever has gone elsewhere meanwhile is left there. */
  set box(box: HTMLElement | null) {
    this.#box = box;
    if (!box || !this.#from) return;
    if ([this.#from, document.body].includes(document.activeElement ?? document.body)) box.focus();
    this.#from = null;
  }

  take(): void {
    void tick().then(() => {
      if (this.#box) this.#box.focus();
      else this.#from = document.activeElement ?? document.body;
    });
  }
}

export const composerFocus = new ComposerFocus();
