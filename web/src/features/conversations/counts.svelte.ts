import type { Counts as Numbers } from '../../api/types';

/** The three numbers over the list and on the rail. They never depend on what the list shows. */
export class Counts {
  total = $state(0);
  attention = $state(0);
  unread = $state(0);
  known = $state(false);

  take(numbers: Numbers): void {
    this.total = numbers.total;
    this.attention = numbers.attention;
    this.unread = numbers.unread;
    this.known = true;
  }

  /** An act of ours, drawn before the server counts anew. */
  shift({ attention = 0, unread = 0 }: { attention?: number; unread?: number }): void {
    this.attention = Math.max(0, this.attention + attention);
    this.unread = Math.max(0, this.unread + unread);
  }
}
