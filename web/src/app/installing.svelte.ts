/** What Chromium hands over when the app can be installed: it may be asked for once. */
interface InstallEvent extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

class Installing {
  /** The browser would install it now. */
  offered = $state(false);
  #event: InstallEvent | null = null;

  /** Once, early: the browser offers it when it likes. */
  begin(): void {
    addEventListener('beforeinstallprompt', (event) => {
      // Not over what somebody does: there is a button under Me.
      event.preventDefault();
      this.#event = event as InstallEvent;
      this.offered = true;
    });
    addEventListener('appinstalled', () => (this.offered = false));
  }

  /** Has the browser ask. */
  async ask(): Promise<void> {
    const event = this.#event;
    this.#event = null;
    this.offered = false;
    await event?.prompt();
  }
}

export const installing = new Installing();
