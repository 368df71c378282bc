/** Somebody else has a conversation before them. */
export interface Here {
  id: string;
  name: string;
  typing: boolean;
}

/** Who else looks where, by conversation. */
export interface Places {
  here: ReadonlyMap<string, readonly Here[]>;
}
