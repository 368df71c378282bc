// What stands in the composer besides the words: each is one line here, and a file of its own that is fetched when it is
// first opened. CONTRIBUTING has an example of each.
import type { Aid, Strip, Tab, Tool } from './desk.svelte';

export const tools: readonly Tool[] = [];
export const strips: readonly Strip[] = [];
export const aids: readonly Aid[] = [];
export const tabs: readonly Tab[] = [];
