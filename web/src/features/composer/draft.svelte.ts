import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { Conversation, DraftKind } from '../../api/types';
import type { Bag } from '../files/bag.svelte';
import { keepDraft, localDraft } from './storage';

const SERVER_MS = 700;

/**
 * What is being written to one conversation. Every keystroke is kept on this device at once and on the server a moment
 * later, so that a reload, a crash, an expired session or another device finds it again. What the same person writes
 * elsewhere is shown here, but never in the place of other words that were typed here.
 */
export class Draft {
  readonly conversation: string;
  readonly kind: DraftKind;
  readonly #staff: string;
  readonly #mayWrite: () => boolean;
  text = $state('');
  /** The files that go with it; what holds them comes with the first. */
  bag = $state.raw<Bag | null>(null);
  /** Of a note: it is for the crew, too. */
  crew = $state(false);
  kept = $state<'nothing' | 'here' | 'saving' | 'server'>('nothing');
  /** Counts what was written here, and up to where the server has it. */
  #edit = 0;
  #saved = 0;
  #loaded = false;
  /** What the server has, as far as is known, and whether it was written here. */
  #server: string | null = null;
  #ours = false;
  /** The last words from elsewhere that stood in the box: an edit of them takes their place. */
  #stood: string | null = null;
  /** The box has words that were typed here. */
  #typed = false;
  /** The server has other words, written elsewhere: they stay there, and what is written here stays here. */
  #foreign = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** Begins with what this device has. */
  constructor(
    staff: string,
    conversation: string,
    mayWrite: () => boolean = () => true,
    kind: DraftKind = 'reply',
  ) {
    this.#staff = staff;
    this.conversation = conversation;
    this.kind = kind;
    this.#mayWrite = mayWrite;
    const local = localDraft(staff, keyOf(conversation, kind));
    if (!local) return;
    if (!local.kept) this.#edit++;
    this.#show(local.text, local.kept ? 'server' : 'here');
  }

  /** There is something to send. */
  get full(): boolean {
    return this.text.trim() !== '' || (this.bag?.counted.length ?? 0) > 0;
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
    const said = this.kind === 'note' ? found?.note_draft : found?.draft;
    if (found && edit === this.#edit) this.#hear(said?.text ?? '');
    return found !== null;
  }

  /** A row says what the server has: worth asking whether that is so, where it is new here. */
  differs(said: string): boolean {
    return this.#loaded && (this.#foreign || !this.unsaved) && said !== this.#server && said !== this.text;
  }

  /** The conversation as the server has it, or nothing where it does not answer. */
  details(): Promise<Conversation | null> {
    const params = { path: { id: this.conversation } };
    return answer(api.GET('/api/conversations/{id}', { params })).catch(() => null);
  }

  #hear(server: string): void {
    if (server !== this.#server) this.#ours = false;
    this.#server = server;
    const other = server !== '' && this.text !== '' && !areKin(server, this.text);
    this.#foreign = other && (this.unsaved || this.#typed);
    // Their words have gone, or never were others: what is written here can be saved.
    if (this.unsaved && !this.#foreign) return this.#saveSoon();
    if (this.unsaved) return;
    if (this.#foreign) {
      this.#edit++;
      this.#show(this.text, 'here');
      return this.#keepHere(false);
    }
    this.#put(server);
  }

  /** What the server has stands in the box. */
  #put(server: string): void {
    if (server !== this.text) {
      this.#typed = false;
      // Saved or given up elsewhere: the next note is another.
      this.crew &&= server !== '';
    }
    this.#stood = server;
    this.#show(server, 'server');
    this.#keepHere(true);
  }

  #show(text: string, kept: 'here' | 'server'): void {
    this.text = text;
    this.kept = text ? kept : 'nothing';
  }

  /** A keystroke. */
  write(text: string): void {
    this.#edit++;
    this.#typed = text !== '';
    this.#show(text, 'here');
    this.#keepHere(false);
    this.#saveSoon();
  }

  /** Puts a text back that could not leave, above what has been written since. */
  restore(text: string): void {
    this.write(this.text.trim() ? `${text}\n${this.text}` : text);
  }

  /** It was sent: takes these words out of the box, and no others that are kept from elsewhere. */
  take(): string {
    const { text } = this;
    const theirs = this.#ours ? '' : (this.#server ?? '');
    const edited = theirs === this.#stood && areKin(theirs, text);
    if (theirs === '' || edited || text.includes(theirs.trim())) this.write('');
    else {
      this.#saved = ++this.#edit;
      this.#foreign = false;
      this.#put(theirs);
    }
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
    if (!this.unsaved || this.#foreign || !this.#mayWrite()) return;
    const { text } = this;
    const edit = this.#edit;
    const params = { path: { id: this.conversation } };
    if (text) this.kept = 'saving';
    try {
      const replaces = this.#server === null ? {} : { replaces: this.#server };
      const body = { text, ...replaces, ...(this.kind === 'note' && { kind: this.kind }) };
      await answer(api.PUT('/api/conversations/{id}/draft', { params, body, keepalive }));
      [this.#server, this.#ours, this.#saved] = [text, true, edit];
    } catch (cause) {
      // It stays unsaved, and is tried again; or it stays here, for other words are there by now.
      if (Failure.from(cause).slug === 'draft-changed') await this.refresh(this.details());
    }
    this.#show(this.text, this.unsaved ? 'here' : 'server');
    if (!this.unsaved) this.#keepHere(true);
  }

  #keepHere(kept: boolean): void {
    const text = this.text;
    keepDraft(this.#staff, keyOf(this.conversation, this.kind), text || !kept ? { text, kept } : null);
  }
}

/** Under which name a draft is kept here: words to the customer and words to colleagues never meet. */
export const keyOf = (conversation: string, kind: DraftKind): string =>
  kind === 'note' ? `${conversation}/note` : conversation;

const SAME = 8;

/** Whether one is what became of the other: an edit, not something else. */
const areKin = (one: string, other: string): boolean =>
  one.includes(other) || other.includes(one) || one.slice(0, SAME) === other.slice(0, SAME);
