// What counts the parts of a text, and draws the count.
export { default as PartsLine } from './PartsLine.svelte';
export { excess } from './segments';
