import { reasonOf } from '../../api/again';
import type { Device } from '../../api/types';
import { release } from '../../app/release.svelte';
import { t } from '../../app/strings';
import { knownDevice } from '../../worker/known';
import type { Viewer } from '../session/viewer.svelte';
import { remove } from './calls';
import { take, turnOff } from './mending';
import { reach } from './reach';
import { registered } from './subscribing';

/** `soon`: the worker that shows pushes is not here yet. `unkeyed`: the server pushes nothing. */
export type State = 'looking' | 'none' | 'ios' | 'app' | 'soon' | 'unkeyed' | 'denied' | 'off' | 'on';

/** This device: whether it is pushed to, and what is in the way. */
export class Here {
  state = $state<State>('looking');
  /** What the server calls it, while it is on. */
  id = $state<string | null>(null);
  busy = $state(false);
  /** What became of the last turn, where it did not do what it was to. */
  said = $state('');
  readonly #viewer: Viewer;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
  }

  /** Looks again: it may have been changed beside the page. */
  async look(): Promise<void> {
    const registration = await registered();
    const [known, subscription] = [await knownDevice(), await registration?.pushManager.getSubscription()];
    const on = known?.person === this.#viewer.id && subscription ? known.id : null;
    const can = reach();
    this.id = can === 'can' ? on : null;
    if (can !== 'can') this.state = can;
    else if (on !== null) this.state = 'on';
    else if (!this.#viewer.me?.vapid_public_key) this.state = 'unkeyed';
    else if (registration) this.state = 'off';
    else this.state = release.kept === 'refused' ? 'none' : 'soon';
  }

  /** The device as the server has it; null where it is not on. Asks for permission: only by a press. */
  async turnOn(): Promise<Device | null> {
    const key = this.#viewer.me?.vapid_public_key;
    if (this.busy || !key) return null;
    [this.busy, this.said] = [true, ''];
    try {
      const permission = await Notification.requestPermission();
      if (permission === 'default') this.said = t('devices.asked');
      const registration = await registered();
      if (permission !== 'granted' || !registration) return null;
      return await take(registration, key, this.#viewer.id);
    } catch (cause) {
      this.said = t('devices.failed', { reason: whyOf(cause) });
      return null;
    } finally {
      this.busy = false;
      await this.look();
    }
  }

  async turnOff(): Promise<void> {
    if (this.busy) return;
    [this.busy, this.said] = [true, ''];
    const { id } = this;
    try {
      await turnOff();
      if (id) await remove(id);
    } catch (cause) {
      this.said = t('devices.offFailed', { reason: whyOf(cause) });
    } finally {
      this.busy = false;
      await this.look();
    }
  }

  /** It was taken from the list. */
  async forget(): Promise<void> {
    await turnOff();
    await this.look();
  }
}

/** The browser's own words are for nobody. */
const whyOf = (cause: unknown): string =>
  cause instanceof DOMException ? t('devices.noService') : reasonOf(cause);
