/** What is looked for in the thread that is open. */
class Finding {
  /** What its bar asks for: words, or a day. */
  open = $state.raw<'words' | 'day' | null>(null);
  /** The words that are marked in the messages. */
  terms = $state.raw<readonly string[]>([]);
  /** Where the log is led to: a message, or its end; each a new one, so that the same place is gone to twice. */
  found = $state.raw<{ id: string | null } | null>(null);

  /** Asked for by hand so many times: its box is written in at once. */
  wished = $state.raw(0);

  show(open: 'words' | 'day', byHand = true): void {
    this.open = open;
    if (byHand) this.wished++;
  }

  close(): void {
    [this.open, this.terms, this.found, this.wished] = [null, [], null, 0];
  }
}

export const finding = new Finding();
