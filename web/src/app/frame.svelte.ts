/** What a page tells the frame around it, and what lies over both. */
class Frame {
  /** What is open on the page, by its own name. */
  subject = $state<string | null>(null);
  /** The page takes a phone's whole screen: no tab bar. */
  whole = $state(false);
  /** One step out of what is open on the page: what Esc does there. Set by the page. */
  back: (() => void) | null = null;
  palette = $state(false);
  help = $state(false);
}

export const frame = new Frame();
