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

  /** The list's search that brought the bar: it is followed, until somebody finds by themselves. */
  came = $state.raw('');
  own = true;

  show(open: 'words' | 'day'): void {
    this.open = open;
    this.own = true;
    this.wished++;
  }

  /** The list's search found something here, or ('') nothing. */
  follow(q: string): void {
    if (q === this.came || (this.open && this.own)) return;
    this.close();
    this.came = q;
    if (q) [this.open, this.own] = ['words', false];
  }

  close(): void {
    [this.open, this.terms, this.found, this.wished] = [null, [], null, 0];
  }
}

export const finding = new Finding();
