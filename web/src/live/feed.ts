import type { StreamEvent } from './sse';

/** `open` once `ready` has come; `waiting` between two attempts. */
export type State = 'closed' | 'connecting' | 'open' | 'waiting';

/** What a feed tells whoever listens to it. */
export interface Hearer {
  hear(event: StreamEvent): void;
  /** `since`: when the line went down, while it is. */
  become(state: State, since: number | null): void;
  /** Nobody is signed in. */
  refused(): void;
  /** A window of this person's has come to the front, in this browser. */
  fronted?(): void;
}

/** Where events come from: a connection of this tab's own, or the one that all tabs of the browser share. */
export interface Feed {
  readonly shared: boolean;
  /** What all tabs would do at once is done by this one. */
  readonly leads: boolean;
  /** Whether somebody has this window, or another of their tabs, before them. */
  inFront(): Promise<boolean>;
  /** The network came or went. */
  reach(online: boolean): void;
  stop(): void;
}
