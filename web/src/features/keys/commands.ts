import type { Commands, Feature } from '../../app/feature';

/** Fetches what can be done, by everybody who adds to it; once. */
export function commandSets(features: readonly Pick<Feature, 'commands'>[]): () => Promise<Commands[]> {
  let coming: Promise<Commands[]> | null = null;
  const fetches = features.flatMap(({ commands }) => commands ?? []);
  return () => (coming ??= Promise.all(fetches.map((one) => one().then(({ commands }) => commands))));
}

/** One list of all that can be done now. Called while a part is made. */
export function useCommands(sets: readonly Commands[]): ReturnType<Commands> {
  const lists = sets.map((set) => set());
  return () => lists.flatMap((list) => list());
}
