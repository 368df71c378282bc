import { answer, api } from '../../api/client';
import type { Conversation } from '../../api/types';
import { keepDraft, localDraft } from './storage';

const SERVER_MS = 700;

/**
 * What is being written to one conversation. Every keystroke is kept on this device at once and on the server a moment
 * later, so that a reload, a crash, an expired session or another device finds it again.
 */
export class Draft {
  readonly conversation: string;
  readonly #staff: string;
  readonly #mayWrite: () => boolean;
  text = $state('');
  kept = $state<'nothing' | 'here' | 'saving' | 'server'>('nothing');
  /** Counts what was written here, and up to where the server has it. */
  #edit = 0;
  #saved = 0;
  #loaded = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** Begins with what this device has. */
  constructor(staff: string, conversation: string, mayWrite: () => boolean = () => true) {
    this.#staff = staff;
    this.conversation = conversation;
    this.#mayWrite = mayWrite;
    const local = localDraft(staff, conversation);
    if (!local) return;
    if (!local.kept) this.#edit++;
    this.#show(local.text, local.kept ? 'server' : 'here');
  }

  /** Something is here that the server does not have. */
  get unsaved(): boolean {
    return this.#edit !== this.#saved;
  }

  /** Opened: asks the server too, once. */
  async load(details: Promise<Conversation | null>): Promise<void> {
    if (this.#loaded) return;
    this.#loaded = true;
    if (this.unsaved) this.#saveSoon();
    this.#loaded = await this.refresh(details);
  }

  /** Shows what the server has, unless something else was written here, before or meanwhile. */
  async refresh(details: Promise<Conversation | null>): Promise<boolean> {
    const edit = this.#edit;
    const found = await details;
    if (found && edit === this.#edit && !this.unsaved) {
      this.#show(found.draft?.text ?? '', 'server');
      this.#keepHere(true);
    }
    return found !== null;
  }

  #show(text: string, kept: 'here' | 'server'): void {
    this.text = text;
    this.kept = text ? kept : 'nothing';
  }

  /** A keystroke. */
  write(text: string): void {
    this.#edit++;
    this.#show(text, 'here');
    this.#keepHere(false);
    this.#saveSoon();
  }

  /** Puts a text back that could not leave, above what has been written since. */
  restore(text: string): void {
    this.write(this.text.trim() ? `${text}\n${this.text}` : text);
  }

  /** It was sent: takes the text and empties the box. */
  take(): string {
    const text = this.text;
    this.write('');
    return text;
  }

  /** Whatever is not on the server yet, now: leaving the page, signing out, coming back online. */
  flush({ leaving = false } = {}): Promise<void> {
    clearTimeout(this.#timer);
    if (this.unsaved) this.#writing = this.#writing.then(() => this.#save(leaving));
    return this.#writing;
  }

  #saveSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), SERVER_MS);
  }

  async #save(keepalive: boolean): Promise<void> {
    if (!this.unsaved || !this.#mayWrite()) return;
    const { text } = this;
    const edit = this.#edit;
    const params = { path: { id: this.conversation } };
    if (text) this.kept = 'saving';
    try {
      const url = '/api/conversations/{id}/draft' as const;
      if (text) await answer(api.PUT(url, { params, body: { text }, keepalive }));
      else await answer(api.DELETE(url, { params, keepalive }));
      this.#saved = edit;
    } catch {
      // It stays unsaved, and is tried again.
    }
    this.#show(this.text, this.unsaved ? 'here' : 'server');
    if (!this.unsaved) this.#keepHere(true);
  }

  #keepHere(kept: boolean): void {
    const text = this.text;
    keepDraft(this.#staff, this.conversation, text || !kept ? { text, kept } : null);
  }
}
