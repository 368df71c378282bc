// What becomes of a message that did not leave: back in its box, thrown away, or told of. It comes when the first one does.
import type { Failure } from '../../api/failure';
import { ago, firstName } from '../../app/format';
import { now } from '../../app/now.svelte';
import { router } from '../../app/router.svelte';
import { t } from '../../app/strings';
import { named } from '../conversations/address';
import type { Conversations } from '../conversations/conversations.svelte';
import { filesOf } from '../outbox/box';
import { unkeptDrafts } from '../outbox/journal';
import type { Bag } from '../files/bag.svelte';
import { stranded } from '../unsent/stranded';
import type { Threads } from '../thread/threads.svelte';
import type { Toasts } from '../toasts/toasts.svelte';
import type { Draft } from './draft.svelte';
import type { Entry, Outbox } from './outbox.svelte';
import type { KeptFile } from './storage';
import { whyHeld } from './why';

/** What would be lost by signing out now. */
export interface Unsaved {
  id: string;
  kind: 'message' | 'internal' | 'note' | 'draft';
  conversation: string;
  text: string;
}

/** The hands that wrote it. */
export interface Writer {
  readonly outbox: Outbox;
  readonly around: {
    toasts: Toasts;
    threads: Threads;
    viewer: { readonly id: string };
    conversations: Conversations;
  };
  draft: (conversation: string, kind?: 'reply' | 'note') => Draft;
  bag: (conversation: string) => Promise<Bag>;
  settle: (id: string, message: null) => void;
  nameOf: (conversation: string) => string;
  readonly drafts: ReadonlyMap<string, Draft>;
  draftHere: (key: string) => Draft;
  flushDrafts: () => Promise<unknown>;
}

/** Takes back what was not sent: its words are in their box again, its files beside them. Once, however often asked. */
export function withdraw(writer: Writer, entry: Entry): void {
  if (!writer.outbox.find(entry.id)) return;
  const bytes = bytesOf(entry);
  // In the box before they leave the outbox.
  restore(writer, entry, bytes);
  takeOut(writer, entry);
}

export function discard(writer: Writer, entry: Entry): void {
  if (!writer.outbox.find(entry.id)) return;
  const isStranded = stranded(writer.outbox.entries).some(({ id }) => id === entry.id);
  const bytes = bytesOf(entry);
  // What waited behind it is its writer's to decide about, too.
  if (isStranded) writer.outbox.strand(entry.conversation, true);
  takeOut(writer, entry);
  // Nowhere to put it back to: whoever throws that away was asked.
  const back = isStranded ? null : () => restore(writer, entry, bytes);
  writer.around.toasts.say('minus', t('acts.discarded'), back);
}

function takeOut(writer: Writer, entry: Entry): void {
  writer.settle(entry.id, null);
  writer.outbox.withdraw(entry);
}

/** What of its files is only in the outbox; asked for before it goes from there. */
function bytesOf({ files = [] }: Entry): Promise<File[]> | null {
  const bytes = files.filter(isBytes);
  return bytes.length > 0 ? filesOf(bytes) : null;
}

/** Its words go into their box. */
function restore(writer: Writer, entry: Entry, bytes: Promise<File[]> | null = null): void {
  const { conversation, text, files, note } = entry;
  const draft = writer.draft(conversation, note ? 'note' : 'reply');
  // Beside other words it is for those only whom both are for.
  if (note) draft.crew = note.crew && (draft.crew || !draft.full);
  if (text) draft.restore(text);
  if (files) void repack(writer, conversation, files, bytes);
}

async function repack(
  writer: Writer,
  to: string,
  files: readonly KeptFile[],
  bytes: Promise<File[]> | null,
): Promise<void> {
  const bag = await writer.bag(to);
  bag.give(files.filter((file) => !isBytes(file)).map((file) => (isHere(file) ? file : (file.up ?? file))));
  bag.add(((await bytes) ?? []).map((file) => ({ file, folder: false })));
}

/** A file of this page's, not one that the outbox tells of. */
const isHere = (file: KeptFile): boolean => 'took' in file;
const isBytes = (file: KeptFile): boolean => !isHere(file) && !file.up && file.id === '';

/** What a colleague wrote is to be read before deciding. */
export function stuck(writer: Writer, entry: Entry): void {
  if (entry.held) void writer.around.threads.warm(entry.conversation)?.catchUp();
  // On the screen, it says so itself.
  if (!isOpen(entry.conversation)) say(writer, entry, whyStuck(entry));
}

export function shut(writer: Writer, entry: Entry, failure: Failure): void {
  // What was sent again is still in its place.
  if (!entry.resend_of) restore(writer, entry);
  say(writer, entry, failure.message);
  void writer.around.threads.warm(entry.conversation)?.refreshDetails();
}

/** Nothing of it leaves, and nothing is lost. */
export function giveBack(writer: Writer, entry: Entry): void {
  if (!writer.outbox.find(entry.id)) return;
  withdraw(writer, entry);
  say(writer, entry, t('composer.fileNotUp'));
}

/** It is only in this page: whether the server has it, the answer to the next try tells. */
export const unkept = (writer: Writer, entry: Entry): void => say(writer, entry, t('outbox.noRoom'));

function say(writer: Writer, { conversation }: Entry, reason: string): void {
  const open = () => router.go(`/conversations/${conversation}${router.search}`);
  const words = t('composer.notSent', { name: writer.nameOf(conversation), reason });
  writer.around.toasts.say('alert', words, null, isOpen(conversation) ? null : open);
}

const isOpen = (conversation: string): boolean => named().id === conversation;

function whyStuck({ held, failure }: Entry): string {
  if (held && held.why !== 'stale') return whyHeld(held.why);
  if (!held) return failure?.message ?? t('acts.noAnswer');
  const time = ago(now.exact() - Date.parse(held.at));
  return t('composer.stale', { name: firstName(held.by), time });
}

function kindOf({ around }: Writer, { note, conversation }: Entry): Unsaved['kind'] {
  if (note) return 'note';
  return around.conversations.get(conversation)?.type === 'internal' ? 'internal' : 'message';
}

/** What signing out would lose. */
export async function unsaved(writer: Writer): Promise<Unsaved[]> {
  const { outbox, around, drafts } = writer;
  for (const id of unkeptDrafts(around.viewer.id)) writer.draftHere(id);
  await writer.flushDrafts();
  const left = [...drafts].filter(([, { text, unsaved, bag }]) => (text && unsaved) || bag?.called);
  return [
    ...outbox.entries.map((entry) => ({ ...entry, kind: kindOf(writer, entry) })),
    ...left.map(
      ([id, { conversation, text, bag }]) =>
        ({ id, kind: 'draft', conversation, text: text || (bag?.called ?? '') }) as const,
    ),
  ];
}
