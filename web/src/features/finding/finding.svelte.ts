/** Where a thread is asked to lead: to a place of its timeline, or to the first message of an instant or later. */
export type Sought = { seq: number } | { at: string };

/** What is looked for in the thread that is open. */
class Finding {
  /** What its bar asks for: words, or a day. */
  open = $state.raw<'words' | 'day' | null>(null);
  /** The words that are marked in the messages. */
  terms = $state.raw<readonly string[]>([]);
  /** Where the log is to go; each a new one, so that the same place twice is gone to twice. */
  sought = $state.raw<Sought | null>(null);
  /** What came of that: told to whoever asked. */
  reached: ((found: { id: string; created_at: string } | null) => void) | null = null;
  /** The message that was found. */
  found = $state.raw<string | null>(null);

  show(open: 'words' | 'day'): void {
    this.open = open;
  }

  close(): void {
    this.open = null;
    this.terms = [];
    this.sought = null;
    this.reached = null;
    this.found = null;
  }
}

export const finding = new Finding();
