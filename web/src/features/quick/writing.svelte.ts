import { ulid } from '../../app/ulid';

/** One that is being changed, with the words that it had when that began. */
export interface Changing {
  id: string;
  was: string;
  words: string;
}

interface Kept {
  id: string;
  fresh: string;
  changing: Changing[] | Changing | null;
}

/** What is being written on the page of quick replies. It is kept on this device until it is saved: leaving loses nothing. */
export class Writing {
  readonly #key: string;
  /** The next new one; the same however often it is saved. */
  id = $state(ulid());
  fresh = $state('');
  changing = $state<Changing[]>([]);

  constructor(person: string) {
    this.#key = `porchlight.quick/${person}`;
    const kept = this.#read();
    // An earlier build kept one that is changed, or none.
    if (kept) [this.id, this.fresh, this.changing] = [kept.id, kept.fresh, [kept.changing ?? []].flat()];
  }

  /** A new one was added. What was written meanwhile is the beginning of another. */
  added(text: string): void {
    this.id = ulid();
    if (this.fresh.trim() === text) this.fresh = '';
  }

  of(id: string): Changing | undefined {
    return this.changing.find((one) => one.id === id);
  }

  begin(id: string, was: string): void {
    if (!this.of(id)) this.changing.push({ id, was, words: was });
  }

  /** It has these words now; true where nothing else was written meanwhile. */
  saved(id: string, text: string): boolean {
    const one = this.of(id);
    if (one) one.was = text;
    if (one && one.words.trim() !== text) return false;
    this.end(id);
    return true;
  }

  end(id: string): void {
    this.changing = this.changing.filter((one) => one.id !== id);
  }

  /** Called whenever something of it has changed. */
  keep(): void {
    const { id, fresh, changing } = this;
    const kept: Kept = { id, fresh, changing };
    try {
      if (fresh || changing.length > 0) localStorage.setItem(this.#key, JSON.stringify(kept));
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
