// What is on its way, as a window shows it, and what the outbox at work needs of that window.
import type { Failure } from '../../api/failure';
import type { Message } from '../../api/types';
import type { Held, Unsent } from './item';

/** A message of ours before the server has answered for it. */
export interface Entry extends Unsent {
  /** `waits`: its files are not up yet. It goes by itself once they are, and what was written later after it. */
  state: 'waits' | 'sending' | 'retrying' | 'held' | 'refused';
  held: Held | null;
  failure: Failure | null;
  /** Somebody else answered in our place: a network that wants to be signed in to. */
  foreign?: boolean;
  /** It was written down before its words left their box. */
  noted: boolean;
  /** This device keeps nothing of it. */
  unkept?: boolean;
}

export interface OutboxEvents {
  /** The server has it: told once, by its answer or by the live feed, whichever came first. */
  accepted: (message: Message, entry: Entry) => void;
  /** Held or refused: it waits for its writer. */
  stuck: (entry: Entry) => void;
  /** The customer opted out, or the like: the text goes back to its box and the box closes. */
  shut: (entry: Entry, failure: Failure) => void;
  /** No answer came, and this device keeps nothing: it is tried under its id for as long as the page is open. */
  unkept: (entry: Entry) => void;
  /** Another tab has given it back to its writer. */
  left: (entry: Entry) => void;
}

/** What a window shows of the outbox. */
export interface Shown {
  readonly entries: readonly Entry[];
  readonly events: OutboxEvents;
  readonly mayPost: () => boolean;
  find: (id: string) => Entry | undefined;
  put: (entry: Entry) => void;
  mark: (id: string, change: Partial<Entry>) => Entry | undefined;
  drop: (entry: Entry, message?: Message) => void;
  accept: (message: Message) => void;
  confirm: (messages: readonly Message[]) => void;
  left: (id: string) => void;
  strand: (conversation: string) => void;
}
