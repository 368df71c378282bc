import { ulid } from '../../app/ulid';

/** One that is being changed, with the words that it had when that began. */
interface Changing {
  id: string;
  was: string;
  words: string;
}

interface Kept {
  id: string;
  fresh: string;
  changing: Changing | null;
}

/** What is being written on the page of quick replies. It is kept on this device until it is saved: leaving loses nothing. */
export class Writing {
  readonly #key: string;
  /** The next new one; the same however often it is saved. */
  id = $state(ulid());
  fresh = $state('');
  changing = $state<Changing | null>(null);

  constructor(person: string) {
    this.#key = `porchlight.quick/${person}`;
    const kept = this.#read();
    if (kept) [this.id, this.fresh, this.changing] = [kept.id, kept.fresh, kept.changing];
  }

  /** A new one was added. */
  added(): void {
    [this.id, this.fresh] = [ulid(), ''];
  }

  /** Called whenever something of it has changed. */
  keep(): void {
    const { id, fresh, changing } = this;
    const kept: Kept = { id, fresh, changing };
    try {
      if (fresh || changing) localStorage.setItem(this.#key, JSON.stringify(kept));
      else localStorage.removeItem(this.#key);
    } catch {
      // No room, or not allowed: it is here as long as the page is.
    }
  }

  #read(): Kept | null {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? 'null') as Kept | null;
    } catch {
      return null;
    }
  }
}
