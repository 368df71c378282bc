import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { QuickReply } from '../../api/types';
import { Followed } from '../../live/followed.svelte';
import { getLive, type Live } from '../../live/live.svelte';

export const MOST = 8;
export const LONGEST = 160;

/** A colleague has changed the words that are to be changed. */
export class Meanwhile extends Error {
  constructor(readonly text: string) {
    super(text);
  }
}

/** With this one in its place, or as the last where there is none. Throws where it has other words than it had. */
export function written(all: QuickReply[], one: QuickReply, was: string): QuickReply[] {
  const theirs = all.find(({ id }) => id === one.id);
  if (!theirs) return [...all, one];
  if (theirs.text !== was && theirs.text !== one.text) throw new Meanwhile(theirs.text);
  return all.map((other) => (other === theirs ? one : other));
}

/** With one of them a place further up or down, where there is one. */
export function moved(all: QuickReply[], id: string, by: 1 | -1): QuickReply[] {
  const from = all.findIndex((one) => one.id === id);
  const one = all[from];
  return one && all[from + by] ? all.toSpliced(from, 1).toSpliced(from + by, 0, one) : all;
}

/** The business's quick replies. */
export class Replies extends Followed {
  all = $state.raw<readonly QuickReply[] | null>(null);
  #version = 0;

  load(): Promise<void> {
    return this.all ? Promise.resolve() : this.read();
  }

  protected async ask(): Promise<void> {
    this.#take(await answer(api.GET('/api/quick-replies')));
  }

  #take({ quick_replies, version }: { quick_replies: QuickReply[]; version: number }): void {
    this.failure = null;
    // What was asked for earlier may be answered later.
    if (this.all && version < this.#version) return;
    [this.all, this.#version] = [quick_replies, version];
  }

  /** Makes a change of what is there now; where a colleague was faster, of what they left. */
  async change(how: (all: QuickReply[]) => QuickReply[]): Promise<void> {
    await this.load();
    for (let tries = 0; ; tries++) {
      const body = { quick_replies: how([...(this.all ?? [])]), version: this.#version };
      try {
        return this.#take(await answer(api.PUT('/api/quick-replies', { body })));
      } catch (cause) {
        const failure = Failure.from(cause);
        if (failure.slug !== 'changed-meanwhile' || tries > 2) throw failure;
        await this.read();
      }
    }
  }
}

let known: { live: Live; replies: Replies } | null = null;

/** One for all parts of the window. Called while a part is made. */
export function getReplies(): Replies {
  const live = getLive();
  if (known?.live !== live) known = { live, replies: new Replies(live) };
  return known.replies;
}
