import type { Component, Snippet } from 'svelte';

import type { Row } from '../../api/types';
import type { IconName } from '../../app/Icon.svelte';
import type { Thread } from '../thread/thread.svelte';
import type { Toasts } from '../toasts/toasts.svelte';
import type { Draft } from './draft.svelte';
import { insert } from './insert';

type Part<Props extends object> = () => Promise<{ default: Component<Props> }>;

interface Tools {
  id: string;
  label: string;
  icon: IconName;
  /** A single key, heard while nobody writes: "T". */
  key?: string;
  /** Whether it is there for this row and viewer; without it, always. */
  shown?: (desk: Desk) => boolean;
  /** On a phone it stands in the pill, not behind the plus. */
  near?: true;
}

/** A button below the words: it opens a panel above them, or acts. */
export type Tool = Tools &
  ({ panel: Part<{ desk: Desk; onclose: () => void }> } | { act: (desk: Desk) => void });

/** A row between words and tools, as of files that wait; or below the box, as of answers in one tap. */
export interface Strip {
  id: string;
  below?: true;
  shown: (desk: Desk) => boolean;
  load: Part<{ desk: Desk }>;
}

/** What comes while somebody writes, by what stands before the caret: a menu of shortcuts, of names. */
export interface Aid {
  id: string;
  when: (before: string, desk: Desk) => boolean;
  load: Part<{ desk: Desk }>;
}

/** Asked before a reply leaves; who answers false has a reason, and says it. */
export type Ask = (text: string, desk: Desk) => boolean | Promise<boolean>;

/** Something else than a reply to write here. It draws its own box, with the tabs at its head. */
export interface Tab {
  id: string;
  label: string;
  shown: (desk: Desk) => boolean;
  load: Part<{ desk: Desk; tabs: Snippet }>;
}

/** The composer of one thread, as its tools and tabs see it. */
export class Desk {
  readonly thread: Thread;
  readonly draft: Draft;
  readonly toasts: Toasts;
  readonly #row: () => Row;
  readonly #asks: readonly Ask[];
  /** Which tab is open: the reply, or one of `tabs`. */
  tab = $state.raw('reply');
  /** The tool whose panel is open. */
  tool = $state.raw<Tool | null>(null);
  /** What is written in now; set by the part that draws it. */
  area = $state.raw<HTMLTextAreaElement | null>(null);
  /** Where the caret stands in it. */
  caret = $state.raw(0);
  /** Keys on what is written in come here first; who answers true has taken this one. */
  readonly keys = new Set<(event: KeyboardEvent) => boolean>();

  constructor(thread: Thread, draft: Draft, row: () => Row, toasts: Toasts, asks: readonly Ask[]) {
    [this.thread, this.draft, this.#row, this.toasts, this.#asks] = [thread, draft, row, toasts, asks];
  }

  get row(): Row {
    return this.#row();
  }

  /** No reply can be written here now; why, and what else there is, stands in its place. */
  get shut(): boolean {
    const { blocked, consent, cannot_text } = this.row;
    return this.thread.details?.can_send.allowed === false || blocked || consent === 'closed' || cannot_text;
  }

  /** Puts a text where the caret stands, or over what is selected. One undo takes away exactly that. */
  insert(text: string): void {
    if (this.area) insert(this.area, text);
    else this.draft.restore(text);
  }

  focus(): void {
    this.area?.focus();
  }

  /** Opens a tool's panel, or closes it; a tool that has none acts. They are the reply's. */
  use(tool: Tool): void {
    this.tab = 'reply';
    if ('act' in tool) tool.act(this);
    else this.tool = this.tool === tool ? null : tool;
  }

  readonly close = (): void => {
    this.tool = null;
    this.focus();
  };

  /** Whether what is written may leave: nobody minds. An answer that needs no waiting is one at once. */
  mayLeave(text: string): boolean | Promise<boolean> {
    const answers = this.#asks.map((ask) => ask(text, this));
    if (!answers.some((one) => one instanceof Promise)) return answers.every(Boolean);
    return Promise.all(answers).then((all) => all.every(Boolean));
  }
}
