import type { IconName } from '../../app/Icon.svelte';

// A quiet line is one plain sentence (shared/domain/src/conversation/system.rs): what it tells is in its words.
const TOLD: [words: RegExp, icon: IconName][] = [
  [/^Texts are off:/, 'minus'],
  [/^Texts are on again:/, 'okc'],
  [/ unassigned this$/, 'person'],
  [/ took this$| assigned this to /, 'assign'],
  [/ closed this$/, 'archive'],
  [/ reopened this$/, 'inbox'],
];

/** The picture of what happened: the one that its act has elsewhere. */
export const iconOf = (text: string): IconName => TOLD.find(([words]) => words.test(text))?.[1] ?? 'circle';
