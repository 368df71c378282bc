import { answer, api } from '../../api/client';
import type { OtherNumber } from '../../api/types';

/** The other numbers of the customer behind a thread, the last used first. */
export class Numbers {
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  found = $state.raw<readonly OtherNumber[]>([]);
  readonly #id: string;

  constructor(conversation: string) {
    this.#id = conversation;
    void this.load();
  }

  async load(): Promise<void> {
    this.state = 'loading';
    try {
      const path = { id: this.#id };
      const told = await answer(api.GET('/api/conversations/{id}/numbers', { params: { path } }));
      this.found = told.numbers;
      this.state = 'ready';
    } catch {
      this.state = 'failed';
    }
  }
}
