import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { Message, Row } from '../../api/types';
import { firstName, format, threadName } from '../../app/format';
import { now } from '../../app/now.svelte';
import { t } from '../../app/strings';
import { ulid } from '../../app/ulid';
import type { Toasts } from '../toasts/toasts.svelte';

/** What it touches around it. */
interface Around {
  toasts: Toasts;
  threads: { warm(id: string): { seen: number; take(messages: readonly Message[]): void } | undefined };
  sending: {
    draft(id: string): { text: string; write(text: string): void; restore(text: string): void };
    heard(messages: readonly Message[]): void;
  };
}

const TRIES = 4;

/** A command carries its id, so a lost answer is asked for again (P9). */
async function repeat<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (cause) {
      if (!Failure.from(cause).passing || tries >= TRIES) throw cause;
      await new Promise((resolve) => setTimeout(resolve, 400 * 2 ** tries));
    }
  }
}

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

  /** Plans what stands in the composer; its words leave it only when the server has them. */
  async schedule(row: Row, text: string, at: number, cancelOnReply: boolean): Promise<boolean> {
    const { sending, threads, toasts } = this.#around;
    const thread = threads.warm(row.id);
    const body = {
      id: ulid(now.exact()),
      text,
      seen_seq: thread?.seen ?? row.seq,
      send_at: new Date(at).toISOString(),
      cancel_on_reply: cancelOnReply,
    };
    const params = { path: { id: row.id } };
    const message = await this.#told(() =>
      answer(api.POST('/api/conversations/{id}/messages', { params, body })),
    );
    if (!message) return false;
    thread?.take([message]);
    const draft = sending.draft(row.id);
    if (draft.text.trim() === text) draft.write('');
    toasts.say(
      'clock',
      t('later.scheduled', { when: goes(message, row) }),
      () => void this.undo(row, message),
    );
    return true;
  }

  /** Taken back, and its words in the composer again. */
  async undo(row: Row, message: Message): Promise<void> {
    if (await this.cancel(message)) this.#around.sending.draft(row.id).restore(message.text);
  }

  /** What was just sent is taken back, and its words are in the composer again. */
  async takeBack(message: Message): Promise<void> {
    if (!(await this.cancel(message))) return;
    this.#around.sending.heard([{ ...message, status: 'canceled' }]);
    this.#around.sending.draft(message.conversation_id).restore(message.text);
    this.#around.toasts.say('undo', t('later.takenBack'));
  }

  cancel(message: Message): Promise<Message | null> {
    return this.#act(message, 'cancel');
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
    const body = {
      id: ulid(now.exact()),
      text,
      ...(moved && { send_at }),
      cancel_on_reply: cancelOnReply,
      revision: message.schedule?.revision ?? 0,
    };
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
    const command = { params: { path: { id: message.id } }, body: { id: ulid(now.exact()) } };
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
      this.#mourn(Failure.from(cause));
      return null;
    }
  }

  #mourn(failure: Failure): void {
    const reason = failure.passing ? t('acts.noAnswer') : failure.message;
    this.#around.toasts.say('alert', t('acts.failed', { reason }));
  }
}
