import { mount, unmount } from 'svelte';

import type { Thread } from '../thread/thread.svelte';
import FactsStrip from './FactsStrip.svelte';

/** Draws the strip above the log of this pane, which is there before it; until the returned function is called. */
export function standAbove(
  pane: HTMLElement,
  thread: Thread,
  context: Map<unknown, unknown>,
): (() => void) | undefined {
  const anchor = pane.querySelector('.log');
  if (!anchor) return undefined;
  const strip = mount(FactsStrip, { target: pane, anchor, props: { thread, pane }, context });
  return () => void unmount(strip);
}
