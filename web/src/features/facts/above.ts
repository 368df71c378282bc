import { mount, unmount } from 'svelte';

import { patient } from '../../app/patient';
import type { Thread } from '../thread/thread.svelte';

const stripPart = patient(() => import('./FactsStrip.svelte'));

/** Draws the strip above the log of this pane, which is there before it; until the returned function is called. */
export function standAbove(pane: HTMLElement, thread: Thread, context: Map<unknown, unknown>): () => void {
  let over = false;
  const drawn = stripPart().then(({ default: FactsStrip }) => {
    const anchor = pane.querySelector('.log');
    if (over || !anchor) return null;
    return mount(FactsStrip, { target: pane, anchor, props: { thread, pane }, context });
  });
  return () => {
    over = true;
    void drawn.then((strip) => strip && unmount(strip));
  };
}
