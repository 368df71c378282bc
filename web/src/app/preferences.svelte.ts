// What this device remembers of how its reader likes things. None of it is anybody's data.

export type Look = 'system' | 'light' | 'dark';

function stored(key: string): string | null {
  try {
    return localStorage.getItem(`porchlight.${key}`);
  } catch {
    return null; // storage switched off by the browser: the defaults hold
  }
}

function store(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`porchlight.${key}`);
    else localStorage.setItem(`porchlight.${key}`, value);
  } catch {
    // storage switched off: it holds until the page is left
  }
}

class Preferences {
  #singleKeys = $state(stored('single-keys') !== 'off');
  #undoSends = $state(stored('undo-sends') === 'on');
  #panel = $state(stored('panel') !== 'hidden');
  #look = $state<Look>((stored('look') as Look | null) ?? 'system');

  constructor() {
    this.#paint();
  }

  /** Single-key shortcuts may be off (WCAG 2.1.4). */
  get singleKeys(): boolean {
    return this.#singleKeys;
  }
  set singleKeys(on: boolean) {
    this.#singleKeys = on;
    store('single-keys', on ? null : 'off');
  }

  /** What is sent can be taken back for a moment. */
  get undoSends(): boolean {
    return this.#undoSends;
  }
  set undoSends(on: boolean) {
    this.#undoSends = on;
    store('undo-sends', on ? 'on' : null);
  }

  /** The customer panel beside the thread. */
  get panel(): boolean {
    return this.#panel;
  }
  set panel(shown: boolean) {
    this.#panel = shown;
    store('panel', shown ? null : 'hidden');
  }

  get look(): Look {
    return this.#look;
  }
  set look(look: Look) {
    this.#look = look;
    store('look', look === 'system' ? null : look);
    this.#paint();
  }

  /** Whose session this browser has, as far as is known: the id of a member of staff. */
  get person(): string | null {
    return stored('person');
  }
  set person(id: string | null) {
    store('person', id);
  }

  /** Calls `changed` when another window of this browser has somebody sign in or out. */
  onPerson(changed: (id: string | null) => void): void {
    addEventListener('storage', ({ key, newValue }) => {
      if (key === 'porchlight.person' || key === null) changed(newValue);
    });
  }

  #paint(): void {
    document.documentElement.dataset['look'] = this.#look;
  }
}

export const preferences = new Preferences();
