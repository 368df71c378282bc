import { tick } from 'svelte';

/** The way to the box from elsewhere, also before it is there. */
class ComposerFocus {
  #box: HTMLElement | null = null;
  /** Somebody wants to write before the box is there. */
  #wanted = false;

  /** Set by the part that owns it. */
  set box(box: HTMLElement | null) {
    this.#box = box;
    if (box && this.#wanted && document.activeElement === document.body) box.focus();
    if (box) this.#wanted = false;
  }

  take(): void {
    void tick().then(() => {
      if (this.#box) this.#box.focus();
      else this.#wanted = true;
    });
  }
}

export const composerFocus = new ComposerFocus();
