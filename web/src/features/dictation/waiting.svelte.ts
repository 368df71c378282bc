import { preferences } from '../../app/preferences.svelte';

const key = (conversation: string) => `${preferences.person}/${conversation}`;

/** The conversations to which a recording of this person waits to be written down. */
class Waiting {
  #keys = $state.raw<ReadonlySet<string>>(new Set());

  has(conversation: string): boolean {
    return this.#keys.has(key(conversation));
  }

  add(conversation: string): void {
    this.#keys = new Set([...this.#keys, key(conversation)]);
  }

  delete(conversation: string): void {
    this.#keys = new Set([...this.#keys].filter((one) => one !== key(conversation)));
  }
}

export const waiting = new Waiting();
