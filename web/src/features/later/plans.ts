import { CommandId, reasonOf, repeat } from '../../api/again';
import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { Message, Row } from '../../api/types';
import { firstName, format, threadName } from '../../app/format';
import { t } from '../../app/strings';
import { jobHere } from '../conversations/address';
import type { Packed } from '../composer/outbox.svelte';
import type { SentFile } from '../composer/storage';
import type { Bag } from '../files/bag.svelte';
import type { Toasts } from '../toasts/toasts.svelte';

/** What a message was written as, files and all. */
interface Written {
  text: string;
  files?: readonly SentFile[];
}

/** What it touches around it. */
interface Around {
  toasts: Toasts;
  threads: { warm(id: string): { seen: number; take(messages: readonly Message[]): void } | undefined };
  sending: {
    /** By message, of those that may still be taken back. */
    written: Map<string, Written>;
    taps: ReadonlySet<string>;
    draft(id: string): {
      text: string;
      full: boolean;
      take(): string;
      restore(text: string): void;
      bag: Bag | null;
    };
    bag(id: string): Promise<Bag>;
    heard(messages: readonly Message[]): void;
  };
}

/** One for each kind of command, for as long as the window is there: its dialog may be closed and opened again. */
const commands = { schedule: new CommandId(), change: new CommandId(), act: new CommandId() };

/** "Fri, Nov 27, 8:00 AM", in the business's zone. */
export function when(at: number): string {
  return `${format('weekday', at)}, ${format('monthDay', at)}, ${format('clock', at)}`;
}

/** When it goes; after the customer's night, their own clock. */
export function goes(message: Message, row: Row): string {
  const { schedule } = message;
  if (!schedule) return '';
  const at = Date.parse(schedule.goes_at);
  if (!schedule.quiet_zone) return when(at);
  const clock = new Intl.DateTimeFormat(navigator.language, {
    timeStyle: 'short',
    timeZone: schedule.quiet_zone,
  });
  return t('later.waitsUntil', { time: clock.format(at), name: firstName(threadName(row)), when: when(at) });
}

/** What people do with messages that go later: told to the server, said in a toast, mended when refused. */
export class Plans {
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  /** Plans what stands in the composer; its words and files leave it only when the server has them. */
  async schedule(
    row: Row,
    { text, files }: { text: string; files: Packed | null },
    at: number,
    cancelOnReply: boolean,
  ): Promise<boolean> {
    const { sending, threads, toasts } = this.#around;
    const thread = threads.warm(row.id);
    const job = jobHere();
    const said = {
      text,
      send_at: new Date(at).toISOString(),
      cancel_on_reply: cancelOnReply,
      ...(files && { attachments: files.files.map(({ id }) => id), uncleaned: files.uncleaned }),
      ...(job && { job_id: job }),
    };
    const body = { id: commands.schedule.of([row.id, said]), ...said, seen_seq: thread?.seen ?? row.seq };
    const params = { path: { id: row.id } };
    const message = await this.#told(() =>
      answer(api.POST('/api/conversations/{id}/messages', { params, body })),
    );
    if (!message) return false;
    commands.schedule.end();
    sending.written.set(message.id, { text, ...(files && { files: files.files }) });
    thread?.take([message]);
    const draft = sending.draft(row.id);
    if (draft.text.trim() === text) draft.take();
    if (files) draft.bag?.left(files.files);
    toasts.say(
      'clock',
      t('later.scheduled', { when: goes(message, row) }),
      () => void this.takeBack(message),
    );
    return true;
  }

  /** It does not go, and its words are in the composer again. */
  async takeBack(message: Message): Promise<void> {
    if (await this.#cancel(message)) await this.#putBack(message);
  }

  /** It does not go. Whoever did not mean that has its words again. */
  async discard(message: Message): Promise<void> {
    if (!(await this.#cancel(message))) return;
    this.#around.toasts.say('minus', t('acts.discarded'), () => void this.#putBack(message));
  }

  async #cancel(message: Message): Promise<boolean> {
    const told = await this.#act(message, 'cancel');
    if (told) this.#around.sending.heard([{ ...message, status: told.status }]);
    return told !== null;
  }

  /** The files come too where this window has sent them; elsewhere nobody knows their uploads. */
  async #putBack(message: Message): Promise<void> {
    const { sending, toasts } = this.#around;
    const { id, conversation_id: conversation, media } = message;
    const written = sending.written.get(id) ?? { text: withoutLinks(message) };
    const draft = sending.draft(conversation);
    // What was being written is left as it stands: one tap has its words again.
    if (draft.full && sending.taps.has(id)) return toasts.say('undo', t('later.takenBackTap'));
    if (written.text) draft.restore(written.text);
    if (written.files) (await sending.bag(conversation)).give(written.files);
    toasts.say(
      'undo',
      written.files || media.length === 0 ? t('later.takenBack') : t('later.takenBackFiles'),
    );
  }

  sendNow(message: Message): Promise<Message | null> {
    return this.#act(message, 'send-now');
  }

  /** Saved too late, its words stay as a draft. */
  async change(
    row: Row,
    message: Message,
    text: string,
    at: number,
    cancelOnReply: boolean,
  ): Promise<boolean> {
    const send_at = new Date(at).toISOString();
    const moved = Date.parse(message.schedule?.send_at ?? '') !== at;
    const said = {
      text,
      ...(moved && { send_at }),
      cancel_on_reply: cancelOnReply,
      revision: message.schedule?.revision ?? 0,
    };
    const body = { id: commands.change.of([message.id, said]), ...said };
    const params = { path: { id: message.id } };
    try {
      const changed = await repeat(() => answer(api.PUT('/api/messages/{id}', { params, body })));
      this.#around.threads.warm(row.id)?.take([changed]);
      this.#around.toasts.say('clock', t('later.scheduled', { when: goes(changed, row) }));
      return true;
    } catch (cause) {
      const failure = Failure.from(cause);
      if (failure.slug !== 'left-already') {
        this.#mourn(failure);
        return false;
      }
      this.#around.sending.draft(row.id).restore(text);
      this.#around.toasts.say('alert', t('later.tooLate'));
      return true;
    }
  }

  /** Says that an editor is open, or was closed without saving. */
  editor(message: Message, name: string, open: boolean): void {
    const params = { path: { id: message.id } };
    void answer(
      api.PUT('/api/messages/{id}/editor', { params, body: { name, open }, keepalive: true }),
    ).catch(() => undefined);
  }

  #act(message: Message, act: 'cancel' | 'send-now'): Promise<Message | null> {
    const id = commands.act.of([message.id, message.version, act]);
    const command = { params: { path: { id: message.id } }, body: { id } };
    return this.#told(async () => {
      const told = await answer(api.POST(`/api/messages/{id}/${act}`, command));
      this.#around.threads.warm(message.conversation_id)?.take([told]);
      return told;
    });
  }

  async #told(call: () => Promise<Message>): Promise<Message | null> {
    try {
      return await repeat(call);
    } catch (cause) {
      this.#mourn(cause);
      return null;
    }
  }

  #mourn(cause: unknown): void {
    this.#around.toasts.say('alert', t('acts.failed', { reason: reasonOf(cause) }));
  }
}

/** Its own words: those of its files that go by link stand below them, a line each. */
function withoutLinks({ text, media }: Message): string {
  const links = media.filter(({ goes_as }) => goes_as === 'link').length;
  return links > 0 ? text.split('\n').slice(0, -links).join('\n') : text;
}
