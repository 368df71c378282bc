import { reasonOf } from '../../api/again';
import { answer, api } from '../../api/client';
import type { NewPushSettings, PushSettings } from '../../api/types';
import { t } from '../../app/strings';
import type { Toasts } from '../toasts/toasts.svelte';

/** Quiet hours as they are offered first: a night. */
const NIGHT = { from: '22:00', until: '07:00' } as const;

/** What the viewer wants to be woken for, on all their devices. A change shows at once and is saved at once. */
export class Wishes {
  /** Null until it is known. */
  now = $state.raw<PushSettings | null>(null);
  failed = $state(false);
  /** Why the last change was not kept; empty: it was. */
  wrong = $state('');
  readonly #toasts: Toasts;
  /** As the server has it. */
  #kept: PushSettings | null = null;
  #saves: Promise<void> = Promise.resolve();
  #asked = 0;
  /** Which change was the last one to speak of a thing. */
  readonly #spoken: Partial<Record<keyof PushSettings, number>> = {};

  constructor(toasts: Toasts) {
    this.#toasts = toasts;
  }

  async load(): Promise<void> {
    const asked = this.#asked;
    try {
      const said = await answer(api.GET('/api/settings/push'));
      if (asked === this.#asked) this.#take(said);
      this.failed = false;
    } catch {
      this.failed = this.now === null;
    }
  }

  /** Quiet hours as they begin, by this device's clock. */
  night(): NonNullable<PushSettings['quiet']> {
    return { ...NIGHT, time_zone: zoneHere() };
  }

  /** One after the other: the last word is the last one said. */
  put(change: Partial<PushSettings>): Promise<void> {
    const before = this.now;
    if (!before) return this.#saves;
    const asked = ++this.#asked;
    [this.now, this.wrong] = [{ ...before, ...change }, ''];
    const names = namesOf(change);
    for (const name of names) this.#spoken[name] = asked;
    // What is changed after it stays.
    const undo = () => void this.put(pick(before, names));
    return (this.#saves = this.#saves.then(() => this.#save(change, asked, undo)));
  }

  async #save(change: Partial<PushSettings>, asked: number, undo: () => void): Promise<void> {
    try {
      this.#kept = await answer(api.PUT('/api/settings/push', { body: bodyOf(change) }));
      if (asked !== this.#asked) return;
      this.now = this.#kept;
      this.#toasts.say('okc', t('wishes.saved'), undo);
    } catch (cause) {
      // What was said meanwhile is on its way, and says itself how it went.
      const back = namesOf(change).filter((name) => this.#spoken[name] === asked);
      if (this.now && this.#kept) this.now = { ...this.now, ...pick(this.#kept, back) };
      this.wrong = t('wishes.notSaved', { reason: reasonOf(cause) });
    }
  }

  #take(said: PushSettings): void {
    this.now = this.#kept = said;
  }
}

const namesOf = (change: Partial<PushSettings>) => Object.keys(change) as (keyof PushSettings)[];

const pick = (of: PushSettings, names: readonly (keyof PushSettings)[]): Partial<PushSettings> =>
  Object.fromEntries(names.map((name) => [name, of[name]]));

/** What changes is told and nothing else: another device may have changed the rest. */
const bodyOf = ({ texts, ...rest }: Partial<PushSettings>): NewPushSettings => ({
  ...rest,
  ...(texts && { texts: texts.allowed }),
});

/** The zone of this device's clock. */
export const zoneHere = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** All zones that this browser knows. */
export const zones = (): readonly string[] =>
  (Intl as { supportedValuesOf?: (of: 'timeZone') => string[] }).supportedValuesOf?.('timeZone') ?? [];
