import type { Message, MessagePage } from '../../api/types';

/** A message by its id, by its place, or the first of an instant or later. */
export type Wanted = { id: string } | { seq: number } | { at: string };

/** A message that a link or a search names, or why it cannot be shown: it is not here, did not load, or another was wanted since. */
export type Reached = Message | { missing: 'none' | 'failed' | 'late' };

/** Which messages of a thread are asked for. */
export interface Asked {
  limit: number;
  before?: number | null;
  after?: number;
  around?: string;
  at?: string;
}

/** A thread, as what leads through it sees it: the part that is here, and where it ends. */
export interface Part {
  readonly messages: readonly Message[];
  readonly before: number | null;
  readonly after: number | null;
  /** Counts the parts that took the place of another. */
  readonly shown: number;
  page(asked: Asked): Promise<MessagePage>;
  /** Another part takes the place of what is here. */
  show(page: MessagePage): void;
}
