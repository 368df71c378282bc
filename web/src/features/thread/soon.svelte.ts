import type { Component } from 'svelte';

import type { Entry } from '../composer/outbox.svelte';

/** What came soon after the thread: it is drawn at once, where a part that is fetched again would take frames. */
class Soon {
  entry = $state.raw<Component<{ entry: Entry }> | null>(null);
}

export const soon = new Soon();
