import { reasonOf } from '../../api/again';
import { answer, api } from '../../api/client';
import type { PushLadder } from '../../api/types';
import { t } from '../../app/strings';

/** Minutes that a step may wait. */
export const [SHORTEST, LONGEST] = [1, 480];

/** Whether a step may wait so long. */
export const fits = (minutes: number | null): minutes is number =>
  minutes !== null && Number.isInteger(minutes) && minutes >= SHORTEST && minutes <= LONGEST;

/** The business's push ladder, and what is being made of it. */
export class Ladder {
  /** As the server has it; null until it is known. */
  kept = $state.raw<PushLadder | null>(null);
  /** Why it did not load; empty: it did, or is on its way. */
  failed = $state('');
  /** What became of the last save. */
  said = $state('');
  busy = $state(false);
  #again = false;
  on = $state(false);
  /** Minutes as they are typed; null: none. */
  text = $state<number | null>(null);
  alert = $state<number | null>(null);

  /** What would be saved; null where it cannot be. */
  get wanted(): PushLadder | null {
    const { on, kept } = this;
    // Switched off, what is half typed is left as it was.
    const [text, alert] = [
      on || fits(this.text) ? this.text : (kept?.text_after_minutes ?? null),
      on || fits(this.alert) ? this.alert : (kept?.alert_after_minutes ?? null),
    ];
    return fits(text) && fits(alert)
      ? { enabled: on, text_after_minutes: text, alert_after_minutes: alert }
      : null;
  }

  get changed(): boolean {
    const { kept, wanted } = this;
    return (
      kept !== null &&
      (wanted?.enabled !== kept.enabled ||
        wanted.text_after_minutes !== kept.text_after_minutes ||
        wanted.alert_after_minutes !== kept.alert_after_minutes)
    );
  }

  async load(): Promise<void> {
    this.failed = '';
    try {
      this.#take(await answer(api.GET('/api/settings/push-ladder')));
    } catch (cause) {
      this.failed = reasonOf(cause);
    }
  }

  /** On or off, at once; with a time that cannot be, once that is mended. */
  turn(): Promise<void> {
    this.on = !this.on;
    return this.save();
  }

  async save(): Promise<void> {
    const { wanted } = this;
    if (this.busy) return void (this.#again = true);
    if (!wanted || !this.changed) return;
    [this.busy, this.said] = [true, ''];
    try {
      // What was typed meanwhile stays.
      this.kept = await answer(api.PUT('/api/settings/push-ladder', { body: wanted }));
      this.said = t('ladder.saved');
    } catch (cause) {
      this.said = t('ladder.notSaved', { reason: reasonOf(cause) });
    } finally {
      this.busy = false;
    }
    // Asked for while the one before was on its way.
    const again = this.#again;
    this.#again = false;
    if (again) await this.save();
  }

  #take(kept: PushLadder): void {
    this.kept = kept;
    [this.on, this.text, this.alert] = [kept.enabled, kept.text_after_minutes, kept.alert_after_minutes];
  }
}
