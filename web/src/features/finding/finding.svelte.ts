/** What is looked for in the thread that is open. */
class Finding {
  /** What its bar asks for: words, or a day. */
  open = $state.raw<'words' | 'day' | null>(null);
  /** The words that are marked in the messages. */
  terms = $state.raw<readonly string[]>([]);
  /** Where the log is led to: a message, or its end; each a new one, so that the same place is gone to twice. */
  found = $state.raw<{ id: string | null } | null>(null);

  show(open: 'words' | 'day'): void {
    this.open = open;
  }

  close(): void {
    [this.open, this.terms, this.found] = [null, [], null];
  }
}

export const finding = new Finding();
