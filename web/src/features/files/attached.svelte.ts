import { Failure } from '../../api/failure';
import { t } from '../../app/strings';
import type { KeptFile, SentFile } from '../composer/storage';
import type { FileKind } from '../thread/files';
import { typeOf } from './bytes';
import { factsOf, type PictureFacts } from './header';
import { sizeWords } from './names';
import { MOST_BYTES, isRedrawn, reachesPictures, renamed, roomFor, tells, type Facts } from './rules';
import { shrink } from './shrink';
import { upload } from './upload';

/** What somebody gives: from a dialog, a drop, the clipboard. */
export interface Given {
  file: File;
  folder: boolean;
}

/** What is said of a picture beside its size. */
export type Remark = 'scaled' | 'moves' | 'unable' | 'heic' | null;

export type State = 'preparing' | 'uploading' | 'ready' | 'failed' | 'refused';

/** Where the other files of the message stand, for one that is being made ready. */
export interface Around {
  contact: () => string;
  before: () => readonly Facts[];
  /** Bytes of the words beside them. */
  words: () => number;
}

const KINDS: Record<string, FileKind> = { image: 'photo', video: 'video', audio: 'voice_memo' };
/** What a picture says of itself stands in so many bytes. */
const ENOUGH = 16_000_000;
/** With less room than this a picture would be a blur. */
const BLUR = 100_000;
/** A picture is drawn small beside its name only when that costs little. */
const THUMB_PIXELS = 40_000_000;

/** A file on its way into a message: read, made to fit, brought up, looked at by the server. */
export class Attached implements SentFile {
  readonly key: string;
  state = $state<State>('preparing');
  /** How far the upload is, from 0 to 1. */
  progress = $state(0);
  name = $state('');
  size = $state(0);
  content_type = $state('');
  pixels = $state(0);
  kind = $state<FileKind>('file');
  remark = $state<Remark>(null);
  /** Why it is not attached, or not up. */
  problem = $state<string | null>(null);
  /** The server's word, once it is up. */
  up = $state.raw<SentFile | null>(null);
  /** What stood in the file as it was given, before it was scaled. */
  given = $state(0);
  /** What may be drawn small beside its name. */
  thumb = $state.raw<Blob | null>(null);

  readonly #around: Around;
  /** What leaves: the file as it was given, or what became of it. */
  blob: Blob | null = null;
  /** Only the line is in its way: it goes with its message, whenever that goes. */
  lost = $state(false);
  #ending = new AbortController();
  readonly #settled: (() => void)[] = [];
  readonly #fitted: (() => void)[] = [];

  constructor(key: string, around: Around, file: File | null = null) {
    this.key = key;
    this.#around = around;
    this.name = file?.name ?? '';
    this.size = this.given = file?.size ?? 0;
  }

  /** One that was up before the page was loaded. */
  static again(key: string, around: Around, up: SentFile): Attached {
    const one = new Attached(key, around);
    one.#take(up);
    return one;
  }

  /** The upload's; empty before it is up. */
  get id(): string {
    return this.up?.id ?? '';
  }

  /** As the device notes it: its bytes are kept beside. */
  toJSON(): KeptFile {
    const { id, key, name, content_type, kind, size, width, height, asks, up } = this;
    return { id, key, name, content_type, kind, size, width, height, asks, up };
  }

  get width(): number | null {
    return this.up?.width ?? null;
  }

  get height(): number | null {
    return this.up?.height ?? null;
  }

  get asks(): boolean {
    return this.up ? this.up.asks : tells(this.content_type);
  }

  /** It is part of the message. */
  get counts(): boolean {
    return this.state !== 'refused';
  }

  get waits(): boolean {
    return this.state === 'preparing' || this.state === 'uploading';
  }

  /** Resolves once it is up, has failed or was refused. */
  settled(): Promise<void> {
    return this.waits ? new Promise((resolve) => this.#settled.push(resolve)) : Promise.resolve();
  }

  /** Resolves once it is what leaves. */
  prepared(): Promise<void> {
    return this.state === 'preparing'
      ? new Promise((resolve) => this.#fitted.push(resolve))
      : Promise.resolve();
  }

  /** Reads it and makes it fit; what comes of it is brought up by `bringUp`. */
  async prepare({ file }: Given): Promise<void> {
    if (!this.waits) return;
    try {
      this.content_type = await typeOf(file);
      this.kind = kindOf(this.content_type);
      await this.#fit(file);
    } catch {
      // A folder without the sign of one, a file that has gone or is locked.
      return this.#refuse(t('attach.unreadable'));
    }
    for (const tell of this.#fitted.splice(0)) tell();
    if (this.size > MOST_BYTES) this.#refuse(t('attach.tooLarge', { size: sizeWords(this.size) }));
  }

  refuse(problem: string): void {
    this.#refuse(problem);
  }

  retry(): void {
    if (this.state === 'failed') void this.bringUp();
  }

  /** Taken out: what is on its way ends. */
  end(): void {
    this.#ending.abort();
    this.#end('refused');
  }

  /** What leaves: the file, or the picture that it became. */
  async #fit(file: File): Promise<void> {
    this.blob = file;
    if (this.kind !== 'photo') return;
    if (this.content_type === 'image/heic') this.remark = 'heic';
    const facts = factsOf(this.content_type, new Uint8Array(await file.slice(0, ENOUGH).arrayBuffer()));
    const contact = this.#around.contact();
    const room = roomFor(this.#around.before(), contact, this.#around.words());
    this.pixels = facts.width * facts.height;
    if (reachesPictures(contact) && room >= BLUR && isRedrawn(this, room))
      await this.#redraw(file, facts, room);
    this.#show(facts);
  }

  async #redraw(file: File, facts: PictureFacts, room: number): Promise<void> {
    if (facts.moves) {
      this.remark = 'moves';
      return;
    }
    const shrunk = await shrink(file, facts, room);
    if (!shrunk) {
      this.remark = 'unable';
      return;
    }
    this.remark = 'scaled';
    this.blob = shrunk.blob;
    this.size = shrunk.blob.size;
    this.pixels = shrunk.width * shrunk.height;
    this.content_type = shrunk.blob.type;
    this.name = renamed(this.name, shrunk.blob.type);
  }

  #show({ width, height }: PictureFacts): void {
    const large = width * height > THUMB_PIXELS;
    const known =
      width > 0 && ['image/jpeg', 'image/png', 'image/gif', 'image/webp'].includes(this.content_type);
    if (this.remark === 'scaled' || (known && !large)) this.thumb = this.blob;
  }

  /** Once more, where it failed. */
  async bringUp(): Promise<void> {
    if (!this.blob || this.state === 'refused' || this.state === 'ready') return;
    this.state = 'uploading';
    [this.problem, this.lost] = [null, false];
    try {
      const up = await upload({
        blob: this.blob,
        name: this.name,
        type: this.content_type,
        signal: this.#ending.signal,
        onprogress: (part) => (this.progress = part),
      });
      this.#take(up);
    } catch (cause) {
      if (this.#ending.signal.aborted) return;
      const failure = Failure.from(cause);
      // What is wrong with the file itself is not mended by another try.
      if (failure.status === 422) return this.#refuse(failure.message);
      this.lost = failure.passing;
      this.problem = failure.passing ? t('attach.lost') : failure.message;
      this.#end('failed');
    }
  }

  /** The outbox has brought it up. */
  took(up: SentFile): void {
    this.#take(up);
  }

  #take(up: SentFile): void {
    const { id, name, content_type, kind, size, width, height, asks } = up;
    this.up = { id, name, content_type, kind, size, width, height, asks };
    [this.name, this.content_type, this.kind, this.size] = [name, content_type, kind, size];
    this.pixels = (width ?? 0) * (height ?? 0);
    this.#end('ready');
  }

  #refuse(problem: string): void {
    this.problem = problem;
    this.#end('refused');
  }

  #end(state: State): void {
    this.state = state;
    for (const tell of [...this.#settled.splice(0), ...this.#fitted.splice(0)]) tell();
  }
}

const kindOf = (type: string): FileKind =>
  type === 'text/vcard' ? 'contact' : (KINDS[type.split('/')[0] ?? ''] ?? 'file');
