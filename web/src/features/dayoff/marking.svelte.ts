import { repeat, reasonOf } from '../../api/again';
import { answer, api } from '../../api/client';
import type { BulkProgress } from '../../api/types';
import { firstName } from '../../app/format';
import { now } from '../../app/now.svelte';
import { t } from '../../app/strings';
import { ulid } from '../../app/ulid';
import type { Toasts } from '../toasts/toasts.svelte';
import { workedOff, takenBack } from './working';

type Person = { id: string; name: string };

const TOAST_MS = 15_000;

/** Says that somebody is off today, or back. */
export class Marking {
  busy = $state(false);
  readonly #toasts: Toasts;

  constructor(toasts: Toasts) {
    this.#toasts = toasts;
  }

  /** True once it is so. */
  async mark(person: Person, off: boolean): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      await (off ? this.#off(person) : this.#back(person, null));
      return true;
    } catch (cause) {
      this.#toasts.say('alert', t('dayoff.notDone', { reason: reasonOf(cause) }));
      return false;
    } finally {
      this.busy = false;
    }
  }

  async #off(person: Person): Promise<void> {
    const { release } = await this.#put(person, true);
    const worked = release && (await workedOff(release));
    const name = firstName(person.name);
    const freed = worked?.done ?? 0;
    const said = freed > 0 ? t('dayoff.markedFreed', { name, n: freed }) : t('dayoff.marked', { name });
    this.#toasts.say('moon', said, () => void this.#undo(person, worked), null, TOAST_MS);
  }

  async #undo(person: Person, worked: BulkProgress | null): Promise<void> {
    try {
      await this.#back(person, worked);
    } catch (cause) {
      this.#toasts.say('alert', t('dayoff.notDone', { reason: reasonOf(cause) }));
    }
  }

  /** Back; what the mark made free is theirs again only where it is taken back. */
  async #back(person: Person, worked: BulkProgress | null): Promise<void> {
    await this.#put(person, false);
    const n = worked ? await takenBack(worked.id) : 0;
    const name = firstName(person.name);
    this.#toasts.say('undo', n > 0 ? t('dayoff.isBackWith', { name, n }) : t('dayoff.isBack', { name }));
  }

  #put({ id }: Person, off: boolean) {
    const body = { id: ulid(now.exact()), off };
    return repeat(() => answer(api.PUT('/api/staff/{id}/day-off', { params: { path: { id } }, body })));
  }
}
