import { tick } from 'svelte';

import type { Row } from '../../api/types';
import { narrow } from '../../app/media.svelte';
import { preferences } from '../../app/preferences.svelte';
import { router } from '../../app/router.svelte';
import { t } from '../../app/strings';
import { searchOf } from '../conversations/rules';
import type { Inbox } from '../session/inbox.svelte';

/** What is open around the panels: dialogs, the drawer, and where the focus goes. */
class Shell {
  palette = $state(false);
  help = $state(false);
  assign = $state(false);
  /** The side panel as a drawer, below 1100 px: a step in the history, so that "back" closes it. */
  drawer = $state(false);
  closing = $state.raw<Row | null>(null);
  /** Threads that were marked unread by hand: looking at them further does not clear that. */
  keptUnread = $state<string | null>(null);

  #composer: { focus(): void } | null = null;
  /** Somebody wants to write before the composer is there. */
  #toWrite = false;

  /** Set by the parts that own the elements. */
  search: HTMLInputElement | null = null;
  step: (by: number) => void = () => {};

  constructor() {
    addEventListener('popstate', () => (this.drawer = history.state?.drawer === true));
  }

  get panel(): boolean {
    return narrow.current ? this.drawer : preferences.panel;
  }

  togglePanel(): void {
    if (!narrow.current) preferences.panel = !preferences.panel;
    else if (this.drawer) this.closeDrawer();
    else this.openDrawer();
  }

  openDrawer(): void {
    history.pushState({ ...history.state, drawer: true }, '');
    this.drawer = true;
  }

  closeDrawer(): void {
    this.drawer = false;
    if (history.state?.drawer) history.back();
  }

  set composer(part: { focus(): void } | null) {
    this.#composer = part;
    if (part && this.#toWrite && document.activeElement === document.body) part.focus();
    if (part) this.#toWrite = false;
  }

  focusComposer(): void {
    void tick().then(() => {
      if (this.#composer) this.#composer.focus();
      else this.#toWrite = true;
    });
  }

  focusSearch(inbox: Inbox): void {
    if (router.route.page !== 'conversations') this.home(inbox);
    void tick().then(() => this.search?.focus());
  }

  openAssign(): void {
    this.assign = true;
  }

  openHelp(): void {
    this.help = true;
  }

  markUnread(inbox: Inbox, row: Row): void {
    this.keptUnread = row.id;
    inbox.acts.unread(row);
  }

  /** Closing asks when a job is ahead: the crew would lose the thread. */
  askClose(inbox: Inbox, row: Row): void {
    if (jobAhead(row)) this.closing = row;
    else inbox.acts.close(row);
  }

  /** Of a conversation, or of a message in it. */
  async copyLink(inbox: Inbox, conversation: string, message?: string): Promise<void> {
    const path = `/conversations/${conversation}${message ? `/messages/${message}` : ''}`;
    try {
      await navigator.clipboard.writeText(location.origin + path);
      inbox.toasts.say('link', t('acts.linkCopied'));
    } catch {
      inbox.toasts.say('alert', t('acts.linkRefused'));
    }
  }

  /** The list, with what it shows, without a thread. */
  home(inbox: Inbox): void {
    router.go(`/conversations${searchOf(inbox.list.query)}`);
  }
}

const ENDED = new Set(['completed', 'canceled', 'cancelled', 'paid', 'closed']);

/** A job that is booked and not over: its day is today or later. */
export function jobAhead(row: Row): boolean {
  const { job } = row;
  if (!job || ENDED.has(job.status)) return false;
  return job.scheduled_at === null || Date.parse(job.scheduled_at) > Date.now() - 12 * 3_600_000;
}

export const shell = new Shell();
