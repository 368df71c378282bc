import type { Message } from '../../api/types';
import { dayKey } from '../../app/calendar';
import type { Entry } from '../composer/outbox.svelte';
import { isSaid } from './planned';

/** One line of the log. A bubble knows whether it opens and closes a group of one person's messages. */
export type Item =
  | { kind: 'start'; key: string; complete: boolean; alone: boolean }
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string }
  | { kind: 'line'; key: string; message: Message }
  | { kind: 'note'; key: string; message: Message }
  | { kind: 'bubble'; key: string; message: Message; first: boolean; last: boolean }
  | { kind: 'entry'; key: string; entry: Entry };

const GROUP_MS = 5 * 60_000;
const LINES = new Set<Message['kind']>(['system', 'automated']);
const NOTES = new Set<Message['kind']>(['note', 'internal']);

function grouped(a: Message | undefined, b: Message | undefined): boolean {
  if (!a || !b || a.direction !== b.direction || a.author?.id !== b.author?.id || a.kind !== b.kind)
    return false;
  if (LINES.has(a.kind) || NOTES.has(a.kind) || needsWords(a) || needsWords(b)) return false;
  const between = Date.parse(b.created_at) - Date.parse(a.created_at);
  return between < GROUP_MS && dayKey(a.created_at) === dayKey(b.created_at);
}

/** States that must be read under their own bubble, never hidden by the next one. */
const needsWords = ({ status }: Message) =>
  !['received', 'delivered', 'sent', 'queued', 'sending'].includes(status);

/** The log from top to bottom: days, the unread line, messages, and what we are sending. */
export function timeline(
  all: readonly Message[],
  entries: readonly Entry[],
  firstUnread: number | null,
  complete: boolean,
): Item[] {
  const alone = all.length + entries.length === 0;
  const messages = all.filter(isSaid);
  const items: Item[] = [{ kind: 'start', key: 'start', complete, alone }];
  let day = NaN;
  const unread = firstUnread === null ? -1 : messages.findIndex(({ seq }) => seq >= firstUnread);
  messages.forEach((message, i) => {
    const key = dayKey(message.created_at);
    if (key !== day) items.push({ kind: 'day', key: `day ${message.id}`, at: message.created_at });
    const opens = i === unread;
    if (opens) items.push({ kind: 'unread', key: 'unread' });
    // A line between two bubbles ends their group: who wrote, and when, stands above it too.
    const before = key !== day || opens ? undefined : messages[i - 1];
    items.push(itemOf(message, before, i + 1 === unread ? undefined : messages[i + 1]));
    day = key;
  });
  for (const entry of entries) items.push({ kind: 'entry', key: entry.id, entry });
  return items;
}

function itemOf(message: Message, before: Message | undefined, after: Message | undefined): Item {
  const key = message.id;
  if (LINES.has(message.kind)) return { kind: 'line', key, message };
  if (NOTES.has(message.kind)) return { kind: 'note', key, message };
  return { kind: 'bubble', key, message, first: !grouped(before, message), last: !grouped(message, after) };
}
