import { createContext } from 'svelte';

import { answer, api, onSessionEnd } from '../../api/client';
import { Failure } from '../../api/failure';
import type { Me } from '../../api/types';
import { router } from '../../app/router.svelte';
import { useZone } from '../../app/format';
import { patient } from '../../app/patient';
import { preferences } from '../../app/preferences.svelte';
import { t } from '../../app/strings';
import type { Sending, Unsaved } from '../composer/sending';
import type { Toasts } from '../toasts/toasts.svelte';
import type { Viewer } from './viewer.svelte';

/** What is opened for whoever signs in, as far as a session knows it. */
export interface Opened {
  readonly viewer: Viewer;
  readonly sending: Pick<Sending, 'unsaved' | 'nameOf'>;
  readonly toasts: Toasts;
  start(): void;
  welcome(me: Me): void;
  /** Who it is was told by this device, not by the server. */
  recalled(): void;
  resume(): void;
  pause(): void;
  stop(): void;
}

const journalPart = patient(() => import('../outbox/journal'));
const startPart = patient(() => import('../offline/start'));

/** Who is signed in. An ended session keeps the inbox, so that what was being written is there after signing in. */
export class Session<Inbox extends Opened = Opened> {
  state = $state<'checking' | 'out' | 'in' | 'ended' | 'unreachable'>('checking');
  inbox = $state.raw<Inbox | null>(null);
  /** What signing out would lose, while its writer is asked. */
  losing = $state.raw<readonly Unsaved[]>([]);

  readonly #open: () => Inbox;

  constructor(open: () => Inbox) {
    this.#open = open;
    onSessionEnd(() => this.#ended());
    // The cookie is the whole browser's: what is sent from here would go out in the other's name.
    preferences.onPerson((id) => {
      if (id !== this.me?.id) this.#ended();
    });
  }

  get me(): Me | null {
    return this.inbox?.viewer.me ?? null;
  }

  /** Asks who is signed in; for a returning reader the inbox loads at the same time. */
  async begin(): Promise<void> {
    // While the server is out of reach its page stays: the next try is no news yet.
    if (this.state !== 'unreachable') this.state = 'checking';
    if (preferences.person) this.#openInbox();
    try {
      this.#welcome(await answer(api.GET('/api/me')));
    } catch (cause) {
      if (Failure.from(cause).status === 401) this.#close('out');
      else if (!(await this.#recall())) this.state = 'unreachable';
    }
  }

  /** Whoever was here reads on without an answer; the feed says once there is one, and whose session it is. */
  async #recall(): Promise<boolean> {
    const { person } = preferences;
    const me = person && (await (await startPart()).keptMe(person));
    if (!me || preferences.person !== person || this.state === 'in') return this.state === 'in';
    this.#welcome(me);
    this.inbox?.recalled();
    return true;
  }

  /** Throws a `Failure`: 401 for a wrong pair, 429 after too many tries. */
  async signIn(email: string, password: string): Promise<void> {
    const { me } = await answer(api.POST('/api/session', { body: { email, password } }));
    const same = this.me?.id === me.id;
    if (!same) this.#close('checking');
    this.#welcome(me);
    if (same) this.inbox?.resume();
  }

  /** Saves what can be saved, and asks before anything is lost. */
  async signOut(): Promise<void> {
    this.losing = (await this.inbox?.sending.unsaved()) ?? [];
    if (this.losing.length === 0) await this.leave();
  }

  /** Signs out, whatever is lost by it. */
  async leave(): Promise<void> {
    this.losing = [];
    try {
      await answer(api.DELETE('/api/session'));
    } catch (cause) {
      const failure = Failure.from(cause);
      if (failure.status !== 401) return this.#mourn(failure);
    }
    const staff = this.me?.id;
    if (staff) await (await journalPart()).forgetEverything(staff);
    // Whoever signs out on an invitation is about to come by it.
    if (router.path !== '/invite') router.go('/conversations', { replace: true });
    this.#close('out');
  }

  #mourn(failure: Failure): void {
    const reason = failure.passing ? t('acts.noAnswer') : failure.message;
    this.inbox?.toasts.say('alert', t('acts.failed', { reason }));
  }

  #openInbox(): Inbox {
    if (!this.inbox) {
      this.inbox = this.#open();
      this.inbox.start();
    }
    return this.inbox;
  }

  #welcome(me: Me): void {
    preferences.person = me.id;
    useZone(me.time_zone);
    this.#openInbox().welcome(me);
    this.state = 'in';
  }

  #ended(): void {
    if (this.state !== 'in') return;
    this.inbox?.pause();
    this.state = 'ended';
  }

  #close(state: 'out' | 'checking'): void {
    this.inbox?.stop();
    this.inbox = null;
    if (state === 'out') preferences.person = null;
    this.state = state;
  }
}

export const [getSession, setSession] = createContext<Session>();
