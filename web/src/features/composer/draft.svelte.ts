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
  text = $state('');
  kept = $state<'nothing' | 'here' | 'saving' | 'server'>('nothing');
  /** Both stores were asked. Before that nothing is overwritten, unless somebody types. */
  #loaded = false;
  #touched = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(staff: string, conversation: string) {
    this.#staff = staff;
    this.conversation = conversation;
  }

  /** The text of this device, or the server's when that is newer. Typing that began meanwhile wins over both. */
  async load(details: Promise<Conversation | null>): Promise<void> {
    if (this.#loaded) return;
    this.#loaded = true;
    const local = localDraft(this.#staff, this.conversation);
    if (local && !this.#touched) this.#show(local.text, local.kept ? 'server' : 'here');
    const draft = (await details)?.draft ?? null;
    if (this.#touched) return;
    if (local && !local.kept) this.#saveSoon();
    else if (draft) this.#show(draft.text, 'server');
    else if (local) this.#show('', 'nothing');
  }

  #show(text: string, kept: 'here' | 'server' | 'nothing'): void {
    this.text = text;
    this.kept = text ? kept : 'nothing';
  }

  /** A keystroke. */
  write(text: string): void {
    this.#touched = true;
    this.text = text;
    this.kept = text ? 'here' : 'nothing';
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
    if (this.#timer === undefined) return this.#writing;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#save(leaving));
    return this.#writing;
  }

  #saveSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), SERVER_MS);
  }

  async #save(keepalive: boolean): Promise<void> {
    const text = this.text;
    const params = { path: { id: this.conversation } };
    if (text) this.kept = 'saving';
    try {
      const url = '/api/conversations/{id}/draft' as const;
      if (text) await answer(api.PUT(url, { params, body: { text }, keepalive }));
      else await answer(api.DELETE(url, { params, keepalive }));
    } catch {
      if (text) this.kept = 'here';
      return;
    }
    if (this.text !== text) return;
    this.kept = text ? 'server' : 'nothing';
    this.#keepHere(true);
  }

  #keepHere(kept: boolean): void {
    const text = this.text;
    keepDraft(this.#staff, this.conversation, text || !kept ? { text, kept } : null);
  }
}
