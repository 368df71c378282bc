import type { Row } from '../../api/types';
import { t } from '../../app/strings';
import { timeOf, ulid } from '../../app/ulid';
import type { Packed, Parcel } from '../composer/outbox.svelte';
import type { SentFile } from '../composer/storage';
import type { Conversations } from '../conversations/conversations.svelte';
import { wordless } from '../thread/files';
import { Attached, type Given } from './attached.svelte';
import { forgetBag, keepBag, keptBag } from './kept';
import { MOST_FILES, bytesOf, ways, type Way } from './rules';

const DAY_MS = 86_400_000;
/** So many go up at once. */
const LANES = 3;

/** The files that are attached to what somebody writes to one conversation. They never go to another. */
export class Bag {
  items = $state.raw<readonly Attached[]>([]);
  /** Asked by the last try to send: may these leave as they are? */
  asking = $state(false);
  /** Files that were on their way when the page was left: their names. */
  lost = $state.raw<readonly string[]>([]);
  readonly #staff: string;
  readonly #conversation: string;
  readonly #row: () => Pick<Row, 'contact' | 'type'> | undefined;
  readonly #words: () => number;
  /** Those whose telling more than meant the writer agreed to: their keys. */
  #agreed = $state.raw<ReadonlySet<string>>(new Set());
  #answered: ((yes: boolean) => void) | null = null;
  #preparing: Promise<void> = Promise.resolve();
  #lanes = 0;
  readonly #line: Attached[] = [];

  constructor(
    staff: string,
    conversation: string,
    conversations: Pick<Conversations, 'get'>,
    beside: { readonly text: string },
  ) {
    this.#staff = staff;
    this.#conversation = conversation;
    this.#row = () => conversations.get(conversation);
    this.#words = () => bytesOf(beside.text);
  }

  /** What was up, or on its way, when the page was left. Another window has its own. */
  async restore(): Promise<void> {
    const kept = await keptBag(this.#staff, this.#conversation);
    if (!kept) return;
    this.lost = kept.lost;
    this.give(kept.up);
  }

  readonly #contact = (): string => this.#row()?.contact ?? '';

  /** They go to colleagues: as they are, and not out of the house. */
  get internal(): boolean {
    return this.#row()?.type === 'internal';
  }

  get counted(): Attached[] {
    return this.items.filter(({ counts }) => counts);
  }

  /** What a message of these files is called; empty where there are none. */
  get called(): string {
    const media = this.counted;
    return media.length > 0 ? wordless({ media }) : '';
  }

  get waits(): boolean {
    return this.items.some(({ waits }) => waits);
  }

  get failed(): boolean {
    return this.items.some(({ state, lost }) => state === 'failed' && !lost);
  }

  /** Those that may tell more than meant. Colleagues may know. */
  get telling(): Attached[] {
    if (this.internal) return [];
    return this.counted.filter(({ asks, key }) => asks && !this.#agreed.has(key));
  }

  /** How each goes, by its key. */
  get ways(): Map<string, Way> {
    const { counted } = this;
    if (this.internal) return new Map(counted.map(({ key }) => [key, { by: 'house' }]));
    const all = ways(counted, this.#contact(), this.#words());
    return new Map(counted.map(({ key }, at) => [key, all[at]!]));
  }

  add(given: readonly Given[]): void {
    for (const one of given) this.#add(one);
    this.#keep();
  }

  #add(given: Given): void {
    // Also once they have left with a message.
    const earlier = this.counted;
    const before = () => earlier.filter(({ counts }) => counts);
    const one = new Attached(ulid(), { contact: this.#contact, before, words: this.#words }, given.file);
    const why = this.#hindrance(given);
    if (why) one.refuse(why);
    this.items = [...this.items, one];
    // One after the other: what has room depends on those before, and one decoded picture is enough to hold.
    this.#preparing = this.#preparing.then(() => one.prepare(given)).then(() => this.#bring(one));
  }

  #hindrance({ file, folder }: Given): string | null {
    if (folder) return t('attach.folder');
    if (file.size === 0) return t('attach.empty');
    return this.counted.length >= MOST_FILES ? t('attach.tooMany', { n: MOST_FILES }) : null;
  }

  #bring(one: Attached): void {
    this.#line.push(one);
    this.#next();
  }

  #next(): void {
    const one = this.#lanes < LANES ? this.#line.shift() : undefined;
    if (!one) return;
    this.#lanes++;
    void one.bringUp().finally(() => {
      this.#lanes--;
      this.#keep();
      this.#next();
    });
    this.#next();
  }

  /** Taken out; what is under way ends. */
  remove(one: Attached): void {
    one.end();
    this.items = this.items.filter((item) => item !== one);
    this.#settle();
  }

  /** What was refused has been read. */
  tidy(): void {
    this.items = this.counted;
    this.lost = [];
    this.#settle();
  }

  /** Whether a message can take them now. Where they may tell more than meant the writer says so first. */
  mayLeave(): boolean | Promise<boolean> {
    if (this.failed) return false;
    if (this.telling.length === 0) return true;
    this.asking = true;
    this.#answer(false);
    return new Promise((resolve) => (this.#answered = resolve));
  }

  /** They may leave as they are. */
  agree(): void {
    this.#agreed = new Set([...this.#agreed, ...this.telling.map(({ key }) => key)]);
    this.#answer(true);
    this.asking = false;
  }

  #answer(yes: boolean): void {
    this.#answered?.(yes);
    this.#answered = null;
  }

  /** What a message takes along now; null where there is nothing. */
  pack(): Packed | null {
    const files = this.counted;
    const uncleaned = this.internal || files.some(({ asks, key }) => asks && this.#agreed.has(key));
    return files.length > 0 ? { files, uncleaned, called: this.called } : null;
  }

  /** They go with a message, and are the outbox's: the bag is empty. */
  take(): Parcel | null {
    const packed = this.pack();
    if (!packed) return null;
    const files = this.counted;
    const up = files.some(({ state }) => state !== 'ready') ? this.#allUp(files) : null;
    this.left(files);
    return { ...packed, up };
  }

  /** These have gone with a message. */
  left(files: readonly SentFile[]): void {
    this.items = this.counted.filter((one) => !files.includes(one));
    this.lost = [];
    this.#settle();
  }

  /** All are up in the end, and none turned out to tell more than was agreed to. */
  async #allUp(files: readonly Attached[]): Promise<boolean> {
    await Promise.all(files.map((file) => file.settled()));
    // What only the line keeps back is brought up by the outbox, as soon as there is one.
    return files.every(({ state, lost, asks, key }) =>
      state === 'failed' ? lost : state === 'ready' && (!asks || this.internal || this.#agreed.has(key)),
    );
  }

  /** Back from a message that did not leave, before what was attached since. */
  give(files: readonly SentFile[]): void {
    const here = new Set(this.items.map(({ id }) => id));
    const back = files.filter(({ id }) => id === '' || !here.has(id));
    const gone = back.filter(({ id }) => isOld(id));
    this.lost = [...this.lost, ...gone.map(({ name }) => name)];
    const around = { contact: this.#contact, before: () => [], words: this.#words };
    const given = back
      .filter((file) => !gone.includes(file))
      .map((file) => (file instanceof Attached ? file : Attached.again(ulid(), around, file)));
    this.items = [...given, ...this.items];
    this.#keep();
  }

  #settle(): void {
    this.asking &&= this.telling.length > 0;
    if (!this.asking) this.#answer(false);
    this.#keep();
  }

  /** On the device: what is up is listed again after a reload, what is not is told of. */
  #keep(): void {
    const files = this.counted;
    if (files.length === 0) return forgetBag(this.#staff, this.#conversation);
    keepBag(this.#staff, this.#conversation, {
      up: files.flatMap(({ up }) => (up ? [up] : [])),
      lost: files.filter(({ up }) => !up).map(({ name }) => name),
    });
  }
}

/** An upload that no message used is gone after a day. */
const isOld = (id: string): boolean => id !== '' && Date.now() - timeOf(id) > DAY_MS;
