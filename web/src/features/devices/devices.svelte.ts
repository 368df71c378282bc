import { reasonOf } from '../../api/again';
import { Failure } from '../../api/failure';
import type { Device } from '../../api/types';
import { t } from '../../app/strings';
import type { Live } from '../../live/live.svelte';
import type { Toasts } from '../toasts/toasts.svelte';
import { ownDevices, remove, tryOut } from './calls';

/** What became of a test. */
export interface Tested {
  id: string;
  ok: boolean;
  words: string;
}

/** The viewer's own devices, as the server has them. */
export class Devices {
  /** Null until they are known. */
  all = $state.raw<readonly Device[] | null>(null);
  failed = $state(false);
  /** What is shown may be old: the last question had no answer. */
  stale = $state(false);
  /** The one that a test is on its way to. */
  testing = $state<string | null>(null);
  tested = $state.raw<Tested | null>(null);
  busy = $state(false);
  readonly #toasts: Toasts;
  #asked = 0;

  constructor(toasts: Toasts) {
    this.#toasts = toasts;
  }

  /** Read again once the line is back; until the returned function is called. */
  follow(live: Live): () => void {
    return live.listen((batch) => {
      if (batch.some(({ type }) => type === 'ready' || type === 'reload')) void this.load();
    });
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const all = await ownDevices();
      if (asked !== this.#asked) return;
      [this.all, this.failed, this.stale] = [all, false, false];
    } catch {
      if (asked !== this.#asked) return;
      [this.failed, this.stale] = [this.all === null, this.all !== null];
    }
  }

  /** Has one pushed to, and tells what its push service answered. True where that knows it no longer. */
  async test({ id, name }: Device): Promise<boolean> {
    if (this.testing) return false;
    [this.testing, this.tested] = [id, null];
    try {
      await tryOut(id);
      this.tested = { id, ok: true, words: t('devices.tested', { name }) };
      return false;
    } catch (cause) {
      const failure = Failure.from(cause);
      // The push service's word, and not that ours did not answer.
      const reason = failure.slug === 'push-service' ? failure.message : reasonOf(failure);
      this.tested = { id, ok: false, words: t('devices.notTested', { name, reason }) };
      return failure.slug === 'device-gone';
    } finally {
      this.testing = null;
      void this.load();
    }
  }

  /** True once it is gone. */
  async remove({ id, name }: Device): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      await remove(id);
      this.all = this.all?.filter((one) => one.id !== id) ?? null;
      this.#toasts.say('okc', t('devices.removed', { name }));
      return true;
    } catch (cause) {
      this.#toasts.say('alert', t('devices.notRemoved', { name, reason: reasonOf(cause) }));
      return false;
    } finally {
      this.busy = false;
      void this.load();
    }
  }
}
