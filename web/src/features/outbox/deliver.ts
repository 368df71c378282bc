// One message to the server, by the window or by the worker. Sent is only what our server answered in its own form for
// that id; any other answer, whatever its status, leaves the message where it is (RULES, Offline).
import type { Conversation, Message } from '../../api/types';
import { timeOf } from '../../app/ulid';
import type { Held, KeptFile, SentFile, Stuck, Unsent } from './item';

/** A try ends after this. */
const TRY_MS = 10_000;
/** Of a file: so long without progress. */
const STILL_MS = 30_000;
/** A line this slow still brings a file up. */
const SLOW_BYTES_A_MS = 10;
/** Older than this, it is shown with the question instead of being sent (RULES, Sending). */
export const HELD_AFTER_MS = 4 * 3_600_000;
/** An upload that no message used is gone after a day; brought up again in good time. */
const UPLOAD_MS = 20 * 3_600_000;
/** A time that lies this far ahead is no time: the device's clock was moved. */
const AHEAD_MS = 5 * 60_000;

export type Outcome =
  | { was: 'sent'; message: Message }
  /** No answer of ours: again later. `foreign`: somebody else answered, as a network that wants to be signed in to. */
  | { was: 'again'; foreign: boolean }
  /** Nobody, or somebody else, is signed in. */
  | { was: 'signed-out' }
  | { was: 'stuck'; stuck: Stuck };

/** Where a file's bytes come from and how they go. */
export interface Way {
  bytes: (file: KeptFile) => Promise<Blob | undefined>;
  /** The server has this file now. */
  up: (file: KeptFile, up: SentFile) => Promise<void>;
  /** Brings a form's fields and bytes to the bucket; true when it took them. By fetch where nothing else is given. */
  post?: (url: string, data: FormData, still: number) => Promise<number>;
}

/** An answer, read. `ours`: the problem's form, or what the caller finds in `data`. */
interface Said {
  status: number;
  data: unknown;
  problem: Stuck['problem'] | null;
  /** The server's clock. */
  at: number | null;
}

class Stop extends Error {
  constructor(readonly outcome: Outcome) {
    super(outcome.was);
  }
}

/** Tries once. `now` is this device's clock. */
export async function deliver(unsent: Unsent, way: Way, now: () => number = Date.now): Promise<Outcome> {
  try {
    if (unsent.late && !unsent.force) await review(unsent, now);
    const files = await bringUp(unsent, way, now);
    return await post(unsent, files);
  } catch (cause) {
    if (cause instanceof Stop) return cause.outcome;
    throw cause;
  }
}

/** As `deliver`'s first look. */
export async function whoseSession(): Promise<string | null> {
  try {
    return (await whoIsIt())?.id ?? null;
  } catch (cause) {
    if (cause instanceof Stop) throw new Error('nobody of ours answers', { cause });
    throw cause;
  }
}

/** Whose session this is; null when nobody is signed in. Throws what ends the try. */
async function whoIsIt(): Promise<{ id: string; at: number | null } | null> {
  const said = await ask('GET', '/api/me');
  if (said.status === 401 && said.problem) return null;
  const { id } = (said.data ?? {}) as { id?: string };
  if (said.status !== 200 || typeof id !== 'string') throw new Stop(again(said));
  return { id, at: said.at };
}

/** How long ago it was written. The device's clock may be wrong, and may have been moved meanwhile. */
export function ageOf(unsent: Unsent, server: number | null, device: number): number {
  const byDevice = device - unsent.device_at;
  if (server === null) return byDevice;
  const byServer = server - Date.parse(unsent.created_at);
  const trusted = unsent.clocked !== false && byServer > -AHEAD_MS;
  if (trusted || unsent.device_at === undefined) return byServer;
  return byDevice > -AHEAD_MS ? byDevice : byServer;
}

/** Whether this conversation is certainly nobody's of ours: our server says so itself. */
export async function isGone(conversation: string): Promise<boolean> {
  const said = await ask('GET', `/api/conversations/${conversation}`).catch(() => null);
  return said?.status === 404 && said.problem !== null;
}

/** What may have come between writing and sending: RULES' reasons, and no others. */
async function review(unsent: Unsent, now: () => number): Promise<void> {
  const who = await whoIsIt();
  if (who?.id !== unsent.staff) throw new Stop({ was: 'signed-out' });
  const said = await ask('GET', `/api/conversations/${unsent.conversation}`);
  if (said.status === 404 && said.problem) throw held('gone', said);
  if (said.problem && said.status === 401) throw new Stop({ was: 'signed-out' });
  const thread = said.data as Conversation | undefined;
  if (said.status !== 200 || thread?.id !== unsent.conversation) throw new Stop(again(said));
  if (unsent.note) return;
  const why =
    thread.consent === 'closed'
      ? 'opted-out'
      : thread.state === 'closed' && !unsent.closed
        ? 'closed'
        : ageOf(unsent, who.at, now()) > HELD_AFTER_MS
          ? 'old'
          : null;
  if (!why) return;
  // The answer to an earlier try may have been lost: what the server has is sent, and nobody is asked.
  const message = await earlier(unsent);
  throw message ? new Stop({ was: 'sent', message }) : held(why, said);
}

async function earlier({ id, conversation }: Unsent): Promise<Message | undefined> {
  const said = await ask('GET', `/api/conversations/${conversation}/messages?around=${id}`);
  if (said.status === 0 || (said.status !== 200 && !said.problem)) throw new Stop(again(said));
  const { messages = [] } = (said.data ?? {}) as { messages?: readonly Message[] };
  return messages.find((one) => one.id === id);
}

const held = (why: Exclude<Held['why'], 'stale'>, { status, problem }: Said): Stop =>
  new Stop({ was: 'stuck', stuck: { held: { why }, status, problem: problem ?? {} } });

/** Every file of it, before its words: the ids of the uploads. */
async function bringUp(unsent: Unsent, way: Way, now: () => number): Promise<string[]> {
  const ids: string[] = [];
  for (const file of unsent.files ?? []) {
    const up = (await usable(file, way, now)) ?? (await upload(file, way));
    if (up.asks && !unsent.uncleaned)
      throw new Stop({ was: 'stuck', stuck: { held: { why: 'tells' }, status: 0, problem: {} } });
    ids.push(up.id);
  }
  return ids;
}

/** What is up already; old uploads are gone, and their bytes, where they are here, go up again. */
async function usable(file: KeptFile, way: Way, now: () => number): Promise<SentFile | null> {
  const up = file.up ?? (file.id ? file : null);
  if (!up) return null;
  const old = now() - timeOf(up.id) > UPLOAD_MS;
  return old && (await way.bytes(file)) ? null : up;
}

async function upload(file: KeptFile, way: Way): Promise<SentFile> {
  const blob = await way.bytes(file);
  if (!blob)
    throw new Stop({ was: 'stuck', stuck: { held: null, status: 0, problem: { type: 'file-lost' } } });
  const body = { name: file.name, type: file.content_type, size: blob.size };
  const form = await expect<{ id: string; url: string; fields: Record<string, string> }>(
    ask('POST', '/api/uploads', body),
  );
  const data = new FormData();
  for (const [name, value] of Object.entries(form.fields)) data.append(name, value);
  data.append('file', blob);
  await (way.post ?? byFetch)(form.url, data, STILL_MS).catch(() => 0);
  // The bucket's own word says little, and anybody on the way can say it: the server looks at what has come.
  const up = await expect<SentFile>(ask('POST', `/api/uploads/${form.id}/check`));
  const { id, name, content_type, kind, size, width, height, asks } = up;
  const taken = { id, name, content_type, kind, size, width, height, asks };
  await way.up(file, taken);
  return taken;
}

/** Where nothing tells of progress, by size: 30 s and a slow line's time. */
function byFetch(url: string, body: FormData, still: number): Promise<number> {
  const size = [...body.values()].reduce((sum, one) => sum + (one instanceof Blob ? one.size : 0), 0);
  return within(still + size / SLOW_BYTES_A_MS, async (signal) => {
    return (await fetch(url, { method: 'POST', body, signal, credentials: 'omit' })).status;
  });
}

/** Our own answer with an id in it, or what ends the try. */
async function expect<T extends { id: string }>(asked: Promise<Said>): Promise<T> {
  const said = await asked;
  const { id } = (said.data ?? {}) as { id?: unknown };
  if (said.status >= 200 && said.status < 300 && typeof id === 'string') return said.data as T;
  throw new Stop(said.problem?.type?.endsWith(':not-uploaded') ? again(said) : refusal(said));
}

async function post(unsent: Unsent, attachments: readonly string[]): Promise<Outcome> {
  const { id, text, seen_seq, force, resend_of, uncleaned, undo_s, job_id, note, conversation } = unsent;
  const body = note
    ? { id, text, crew: note.crew, mentions: note.mentions }
    : {
        id,
        text,
        seen_seq,
        ...(force && { force }),
        ...(resend_of && { resend_of }),
        ...(unsent.files && { attachments, ...(uncleaned && { uncleaned }) }),
        ...(undo_s && { undo_s }),
        ...(job_id && { job_id }),
      };
  const said = await ask('POST', `/api/conversations/${conversation}/${note ? 'notes' : 'messages'}`, body);
  const message = said.data as Message | undefined;
  const ours = said.status >= 200 && said.status < 300 && message?.id === id;
  return ours && message.conversation_id === conversation ? { was: 'sent', message } : refusal(said);
}

/** What an answer that is no success means. Only our own form says no. */
function refusal(said: Said): Outcome {
  const { status, problem } = said;
  if (!problem || status < 400 || status === 408 || status === 429 || status >= 500) return again(said);
  if (status === 401) return { was: 'signed-out' };
  return { was: 'stuck', stuck: { held: heldBy(status, problem), status, problem } };
}

const again = ({ status, problem }: Said): Outcome => ({ was: 'again', foreign: status > 0 && !problem });

/** "Ana replied 40 s ago": a 409 that names who wrote, and when (PROTOCOLS §5). Its job may be another's meanwhile. */
function heldBy(status: number, problem: Stuck['problem']): Held | null {
  if (problem.type?.endsWith(':unknown-job')) return { why: 'job' };
  if (status !== 409) return status === 404 ? { why: 'gone' } : null;
  const { who, when, seq } = problem as { who?: { name?: string }; when?: string; seq?: number };
  return who?.name && when ? { why: 'stale', by: who.name, at: when, seq: seq ?? 0 } : null;
}

/** Never throws: status 0 when no answer came in time. */
async function ask(method: string, path: string, body?: object): Promise<Said> {
  const asked = { method, credentials: 'same-origin', cache: 'no-store' } as const;
  const said = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  try {
    return await within(TRY_MS, async (signal) =>
      read(await fetch(new URL(path, location.origin), { ...asked, ...said, signal })),
    );
  } catch {
    return { status: 0, data: undefined, problem: null, at: null };
  }
}

async function read(answer: Response): Promise<Said> {
  const text = await answer.text();
  const json = /json/.test(answer.headers.get('content-type') ?? '') ? parsed(text) : undefined;
  const problem = json as Stuck['problem'] | undefined;
  const isOurs = !answer.ok && problem?.type?.startsWith('urn:porchlight:problem:');
  const at = Date.parse(answer.headers.get('date') ?? '');
  return {
    status: answer.status,
    data: answer.ok && !answer.redirected ? json : undefined,
    problem: isOurs ? problem! : null,
    at: Number.isNaN(at) ? null : at,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function within<T>(ms: number, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), ms);
  try {
    return await act(ending.signal);
  } finally {
    clearTimeout(timer);
  }
}
