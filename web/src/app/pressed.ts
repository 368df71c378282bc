/** A letter of a layout without Latin ones: Cyrillic, Greek, Hebrew, Arabic, Thai … */
const ELSEWHERE = /^(?!\p{Script=Latin})[\p{L}\p{M}]/u;
const SIGNS: Record<string, string> = { Slash: '/?', BracketRight: ']}' };

/** Which key was pressed: by its sign, or by its place where the layout has no Latin letter. In lower case. */
export function keyOf({ key, code, shiftKey }: KeyboardEvent): string {
  const place = ELSEWHERE.test(key) && (SIGNS[code]?.[Number(shiftKey)] ?? /^Key(.)$/.exec(code)?.[1]);
  return (place || key).toLowerCase();
}
