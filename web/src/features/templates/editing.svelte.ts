import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { Template } from '../../api/types';
import { now } from '../../app/now.svelte';
import { ulid } from '../../app/ulid';
import type { Library } from './library.svelte';

/** What is being written, with what it began as. */
export interface Words {
  name: string;
  category: string;
  shortcut: string;
  text: string;
}

interface Kept extends Words {
  /** The template that is changed, with the version it was opened at; a new one has an id of its own. */
  id: string;
  version: number | null;
}

export const MOST_TEXT = 1600;

/**
 * A template that is being written, or changed. It is kept on this device with every keystroke until it is saved or
 * discarded, so that leaving loses nothing.
 */
export class Editing {
  readonly #library: Library;
  readonly #key: string;
  #id = '';
  #version: number | null = null;
  #was: Words = { name: '', category: '', shortcut: '', text: '' };
  open = $state(false);
  name = $state('');
  category = $state('');
  shortcut = $state('');
  text = $state('');
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);

  constructor(library: Library, person: string) {
    this.#library = library;
    this.#key = `porchlight.template/${person}`;
    const kept = this.#read();
    if (kept) this.#begin(kept, true);
  }

  get isNew(): boolean {
    return this.#version === null;
  }

  get id(): string {
    return this.#id;
  }

  get dirty(): boolean {
    const { name, category, shortcut, text } = this.#was;
    return (
      name !== this.name || category !== this.category || shortcut !== this.shortcut || text !== this.text
    );
  }

  /** Everything that must stand there. */
  get missing(): 'name' | 'category' | 'text' | null {
    for (const one of ['name', 'category', 'text'] as const) if (this[one].trim() === '') return one;
    return null;
  }

  get excess(): number {
    return Array.from(this.text).length - MOST_TEXT;
  }

  add(category: string): void {
    this.#begin({ id: ulid(now.exact()), version: null, name: '', category, shortcut: '', text: '' }, false);
  }

  edit(template: Template): void {
    const { id, version, name, category, shortcut, text } = template;
    this.#begin({ id, version, name, category, shortcut: shortcut ?? '', text }, false);
  }

  /** Called with every keystroke. */
  keep(): void {
    const { name, category, shortcut, text } = this;
    const kept: Kept = { id: this.#id, version: this.#version, name, category, shortcut, text };
    try {
      if (this.open && this.dirty) localStorage.setItem(this.#key, JSON.stringify(kept));
      else localStorage.removeItem(this.#key);
    } catch {
      // No room, or not allowed: it is here as long as the page is.
    }
  }

  /** What was written comes back by the function that this hands on. */
  discard(): () => void {
    const { name, category, shortcut, text } = this;
    const kept: Kept = { id: this.#id, version: this.#version, name, category, shortcut, text };
    this.close();
    return () => {
      this.#begin(kept, true);
      this.keep();
    };
  }

  close(): void {
    this.open = false;
    this.failure = null;
    this.keep();
  }

  /** Saves it; whether that worked. With `over`, on top of whatever a colleague has saved meanwhile. */
  async save({ over = false } = {}): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = null;
    const { name, category, shortcut, text } = this;
    const body = { name, category, text, shortcut: shortcut.trim() || null };
    try {
      const { version } = await this.#told(body, over);
      [this.#version, this.#was] = [version, { name, category, shortcut, text }];
      await this.#library.read();
      // What was written meanwhile is not saved yet.
      if (this.dirty) this.keep();
      else this.close();
      return true;
    } catch (cause) {
      this.failure = Failure.from(cause);
      // An id stands for one content: other words under it are another template.
      if (this.failure.slug === 'id-used-before') this.asNew();
      return false;
    } finally {
      this.busy = false;
    }
  }

  #told(body: Omit<Template, 'id' | 'version' | 'unknown_variables'>, over: boolean): Promise<Template> {
    if (this.#version === null)
      return answer(api.POST('/api/templates', { body: { id: this.#id, ...body } }));
    const params = { path: { id: this.#id } };
    const version = over ? {} : { version: this.#version };
    return answer(api.PUT('/api/templates/{id}', { params, body: { ...body, ...version } }));
  }

  /** What is written here becomes a template of its own. */
  asNew(): void {
    [this.#id, this.#version, this.failure] = [ulid(now.exact()), null, null];
    this.keep();
  }

  /** As it is kept by now; what is written here goes. */
  async takeTheirs(): Promise<void> {
    await this.#library.read();
    const theirs = this.#library.templates?.find(({ id }) => id === this.#id);
    if (theirs) this.edit(theirs);
    else this.close();
  }

  #begin({ id, version, ...words }: Kept, kept: boolean): void {
    [this.#id, this.#version, this.failure] = [id, version, null];
    [this.name, this.category, this.shortcut, this.text] = [
      words.name,
      words.category,
      words.shortcut,
      words.text,
    ];
    this.#was = kept ? { name: '\0', category: '', shortcut: '', text: '' } : words;
    this.open = true;
  }

  #read(): Kept | null {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? 'null') as Kept | null;
    } catch {
      return null;
    }
  }
}
