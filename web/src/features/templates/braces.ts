/** A stretch of a text that looks like a variable. */
export interface Brace {
  name: string;
  from: number;
  to: number;
}

/** What looks like a variable, as the server reads it: `{{name}}`, with spaces inside the braces. */
export function braces(text: string): Brace[] {
  const found = text.matchAll(/\{\{ *([A-Za-z0-9_]+) *\}\}/g);
  return [...found].map((one) => ({
    name: one[1] ?? '',
    from: one.index,
    to: one.index + one[0].length,
  }));
}

/** Of those, the ones that stand for something of ours. Where nobody knows what is ours, all of them. */
export const ours = (text: string, names: readonly { name: string }[]): Brace[] =>
  braces(text).filter(({ name }) => names.length === 0 || names.some((one) => one.name === name));

/** Names in braces, each once, for the screen. */
export const listed = (some: readonly Brace[]): string =>
  new Intl.ListFormat(navigator.language).format([...new Set(some.map(({ name }) => `{{${name}}}`))]);

/** What a text begins with that may be a shortcut: a slash, and what is typed of its word. */
export const slashOf = (text: string): string | null => /^\/[\p{L}\p{N}_-]*/u.exec(text)?.[0] ?? null;

/** A shortcut is without its slash, in small letters. */
export const wordOf = (slash: string): string => slash.slice(1).toLowerCase();

/** Words whose menu was closed: they are words and no shortcuts. */
export const declined = new Set<string>();
