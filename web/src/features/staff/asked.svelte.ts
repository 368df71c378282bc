/** What is asked before it is done. */
export interface Ask {
  title: string;
  why: string;
  yes: string;
  run: () => void;
}

class Asked {
  now = $state.raw<Ask | null>(null);
}

/** The question that stands before the page of the staff. */
export const asked = new Asked();
