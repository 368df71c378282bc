// What never leaves: control characters, and texts that show nothing. The server cleans in the same way.

/** Spaces, control characters, and signs without a width or a look of their own, for a regular expression. */
export const BLANK =
  '\\u034f\\ufe00-\\ufe0f\\u17b4\\u17b5\\u180b-\\u180f\\s\\p{Cc}\\u00ad\\u061c\\u115f\\u1160\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}';

const BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;
// Half a character is none either.
const CONTROL = /(?![\t\n\v\f\r\u0085])[\p{Cc}\p{Cs}]/gu;
const VISIBLE = new RegExp(`[^${BLANK}]`, 'u');

/** A text as it is kept and sent: every line break is `\n`, a tab is a space, other control characters are gone. */
export const clean = (text: string): string =>
  text.replace(BREAK, '\n').replace(CONTROL, '').replaceAll('\t', ' ').trim();

/** How many characters `clean` takes out: the writer is told before. */
export const takenOut = (text: string): number => text.match(CONTROL)?.length ?? 0;

export const showsSomething = (text: string): boolean => VISIBLE.test(text);
