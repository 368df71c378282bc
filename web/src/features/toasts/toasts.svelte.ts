import { createContext } from 'svelte';

import type { IconName } from '../../app/Icon.svelte';

export interface Toast {
  id: number;
  icon: IconName;
  text: string;
  undo: (() => void) | null;
  /** Leads to what it is about. */
  open: (() => void) | null;
  stay: number;
}

const STAY_MS = 7000;

/** One line, bottom left, gone after a while; the last one can be undone from the keyboard too. */
export class Toasts {
  shown = $state.raw<readonly Toast[]>([]);
  #last = 0;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  say(
    icon: IconName,
    text: string,
    undo: Toast['undo'] = null,
    open: Toast['open'] = null,
    stay = STAY_MS,
  ): void {
    const toast = { id: ++this.#last, icon, text, undo, open, stay };
    this.shown = [...this.shown.slice(-2), toast];
    this.resume(toast.id);
  }

  dismiss(id: number): void {
    this.pause(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  /** A toast that is read or reached for stays. */
  pause(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  resume(id: number): void {
    this.pause(id);
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), this.shown.find((toast) => toast.id === id)?.stay),
    );
  }

  get undoable(): boolean {
    return this.shown.some((toast) => toast.undo !== null);
  }

  open({ id, open }: Toast): void {
    this.dismiss(id);
    open?.();
  }

  undo(id?: number): void {
    const toast =
      id === undefined ? this.shown.findLast(({ undo }) => undo) : this.shown.find((one) => one.id === id);
    if (!toast?.undo) return;
    this.dismiss(toast.id);
    toast.undo();
  }
}

export const [getToasts, setToasts] = createContext<Toasts>();
