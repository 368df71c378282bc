import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import { t } from '../../app/strings';
import { ownRecogniser, recognise } from './own';
import { record, whyNone, type NoMicrophone, type Recorder } from './recorder';
import { waiting } from './waiting.svelte';

export const MOST_S = 300;
/** A level that a voice reaches, and a room does not. */
const VOICE = 0.01;
const SHOWN = 32;
/** A little longer than the server waits for the service. */
const PATIENCE_MS = 35_000;

export type Stage =
  | 'opening'
  | 'asking'
  | 'recording'
  | 'kept'
  | 'working'
  | 'silent'
  | 'nothing'
  | 'failed'
  | 'unset'
  | 'unknown'
  | NoMicrophone;

type Own = ReturnType<typeof recognise>;

const REASONS: Record<string, string> = {
  'provider-busy': t('dictate.busy'),
  'provider-silent': t('dictate.slow'),
  'provider-refuses': t('dictate.refused'),
  'provider-cannot-use': t('dictate.strange'),
  'provider-strange': t('dictate.strange'),
  'not-set-up': t('dictate.unset'),
};

/**
 * What somebody dictates to one conversation. It is with its conversation, whether that is on the screen or not: a
 * recording stays until it has been written down, or was thrown away.
 */
export class Dictation {
  stage = $state.raw<Stage>('opening');
  seconds = $state.raw(0);
  /** What the microphone heard lately. */
  levels = $state.raw<readonly number[]>([]);
  /** Why it was not written down. */
  why = $state.raw('');
  languages = $state.raw<readonly string[]>([]);
  /** The one that is spoken; empty for any of them. */
  language = $state.raw('');
  readonly #conversation: string;
  readonly #put: (text: string) => void;
  #recording: Blob | null = null;
  #recorder: Recorder | null = null;
  #own: Own | null = null;
  #serverWrites = false;
  #peak = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #asking: AbortController | null = null;
  /** Counts what was begun: what comes too late is of no use. */
  #turn = 0;

  constructor(conversation: string, put: (text: string) => void) {
    [this.#conversation, this.#put] = [conversation, put];
  }

  /** Begins, unless something waits from before. */
  async open(): Promise<void> {
    if (this.#recording || this.stage === 'recording' || this.stage === 'working') return;
    const turn = ++this.#turn;
    this.stage = 'opening';
    try {
      const { set_up, languages } = await answer(api.GET('/api/settings/dictation'));
      if (turn !== this.#turn) return;
      [this.#serverWrites, this.languages] = [set_up, languages];
      if (!languages.includes(this.language))
        this.language = languages.length === 1 ? (languages[0] ?? '') : '';
    } catch {
      if (turn === this.#turn) this.stage = 'unknown';
      return;
    }
    const own = !this.#serverWrites && (await ownRecogniser(this.#spoken));
    if (turn !== this.#turn) return;
    if (!this.#serverWrites && !own) this.stage = 'unset';
    else await this.#begin(turn);
  }

  /** For the browser's own, which does not guess. */
  get #spoken(): string {
    return this.language || (this.languages[0] ?? 'en');
  }

  async #begin(turn: number): Promise<void> {
    this.stage = 'asking';
    [this.#peak, this.levels, this.seconds] = [0, [], 0];
    try {
      const recorder = await record(
        (level) => this.#hear(level),
        () => void this.stop(),
      );
      if (turn !== this.#turn) return void recorder.stop();
      this.#recorder = recorder;
      if (!this.#serverWrites) this.#own = recognise(this.#spoken);
    } catch (cause) {
      if (turn === this.#turn) this.stage = whyNone(cause);
      return;
    }
    this.stage = 'recording';
    const since = performance.now();
    this.#ticking = setInterval(() => {
      this.seconds = Math.min(MOST_S, Math.floor((performance.now() - since) / 1000));
      if (this.seconds >= MOST_S) void this.stop();
    }, 200);
  }

  #hear(level: number): void {
    this.#peak = Math.max(this.#peak, level);
    this.levels = [...this.levels.slice(1 - SHOWN), level];
  }

  /** Enough said: it is written down. `keep`: later. */
  async stop({ keep = false } = {}): Promise<void> {
    const recorder = this.#recorder;
    if (!recorder || this.stage !== 'recording') return;
    this.stage = keep ? 'kept' : 'working';
    clearInterval(this.#ticking);
    this.#recorder = null;
    this.#recording = await recorder.stop();
    this.#own?.stop();
    waiting.add(this.#conversation);
    if (this.#peak < VOICE) this.stage = 'silent';
    else if (!keep) await this.write();
  }

  /** Its conversation goes off the screen: a microphone that nobody sees is closed. */
  leave(): void {
    if (this.stage === 'recording') void this.stop({ keep: true });
    else if (!this.#recording && this.stage !== 'working') this.#turn++;
  }

  /** Has the recording written down; once more, if that did not work. */
  async write(): Promise<void> {
    const recording = this.#recording;
    if (!recording) return;
    const turn = ++this.#turn;
    this.stage = 'working';
    this.#asking = new AbortController();
    const signal = AbortSignal.any([this.#asking.signal, AbortSignal.timeout(PATIENCE_MS)]);
    try {
      const text = this.#own ? await this.#own.words : await this.#ask(recording, signal);
      if (turn === this.#turn) this.#written(text.trim());
    } catch (cause) {
      if (turn === this.#turn) this.#failed(Failure.from(cause));
    }
  }

  async #ask(recording: Blob, signal: AbortSignal): Promise<string> {
    const query = this.language ? { language: this.language } : {};
    const call = api.POST('/api/transcriptions', { params: { query }, body: recording as never, signal });
    return (await answer(call)).text;
  }

  #written(text: string): void {
    if (text === '') {
      this.stage = 'nothing';
      return;
    }
    this.#forget();
    this.#put(text);
  }

  #failed(failure: Failure): void {
    this.stage = 'failed';
    this.why = REASONS[failure.slug] ?? (failure.status === 0 ? t('dictate.offline') : failure.message);
  }

  /** Throws it away; what comes back brings it again. */
  discard(): () => void {
    const [recording, seconds, own] = [this.#recording, this.seconds, this.#own];
    this.#turn++;
    this.#asking?.abort();
    clearInterval(this.#ticking);
    const recorder = this.#recorder;
    this.#recorder = null;
    const stopped = recorder?.stop();
    this.#own?.stop();
    this.#forget();
    return () => {
      void Promise.resolve(stopped ?? recording).then((blob) => blob && this.#restore(blob, seconds, own));
    };
  }

  #restore(recording: Blob, seconds: number, own: Own | null): void {
    if (this.#recording || this.stage === 'recording') return;
    [this.#recording, this.#own, this.seconds, this.stage] = [recording, own, seconds, 'kept'];
    waiting.add(this.#conversation);
  }

  #forget(): void {
    [this.#recording, this.#own, this.stage, this.levels] = [null, null, 'opening', []];
    waiting.delete(this.#conversation);
  }
}
