import { en } from './strings.en';

type Catalogue = typeof en;
export type Key = keyof Catalogue;

/** The names between braces in a text. */
type Holes<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type Params<K extends Key> = Catalogue[K] extends string
  ? Holes<Catalogue[K]>
  : Holes<Catalogue[K][keyof Catalogue[K]]>;
type Filled<K extends Key> = [Params<K>] extends [never] ? [] : [params: Record<Params<K>, string | number>];

const plural = new Intl.PluralRules('en');
const number = new Intl.NumberFormat(navigator.language);

/** The words for `key`, with its holes filled; numbers in the reader's format. */
export function t<K extends Key>(key: K, ...[params]: Filled<K>): string {
  const values = (params ?? {}) as Record<string, string | number>;
  // A build puts the words themselves in the key's place, in brackets (build/words.mjs).
  const placed = key as unknown;
  const entry = (Array.isArray(placed) ? placed[0] : en[key]) as string | { one: string; other: string };
  const text = typeof entry === 'string' ? entry : entry[form(Number(values['n']))];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? number.format(value) : value;
  });
}

const form = (n: number): 'one' | 'other' => (plural.select(n) === 'one' ? 'one' : 'other');
