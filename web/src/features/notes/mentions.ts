import { bare } from '../conversations/highlight';

/** Somebody who can be named. */
export interface Named {
  id: string;
  name: string;
  /** They work here no more: a first name that somebody has who does is not theirs. */
  left?: boolean;
}

/** A stretch of a note, and whether it names somebody. */
export interface Stretch {
  text: string;
  names: boolean;
}

/** What a mention begins after: the start, a blank, an opening bracket. Within an address it is text. */
const BEGINS = /(?:^|[\s([{（［｛「『【〈《])$/u;
/** What goes on with a word, or makes an address of it. */
const GOES_ON = /^(?:[\p{L}\p{N}\p{M}_@]|[.-][\p{L}\p{N}])/u;
/** What may be typed of a name. */
const TYPED = /@([\p{L}\p{M}\p{N}.'’-]*(?: [\p{L}\p{M}\p{N}.'’-]*)?)$/u;

/** The part of a name that is being typed before the caret, and where its mention begins. */
export function typedName(before: string): { at: number; part: string } | null {
  const found = TYPED.exec(before);
  return found && BEGINS.test(before.slice(0, found.index))
    ? { at: found.index, part: found[1] ?? '' }
    : null;
}

/** Those whose name, or a word of it, begins so: as it is typed, without accents. */
export function matching<P extends Named>(people: readonly P[], part: string): P[] {
  const wanted = bare(part.trim());
  const words = (name: string) => [bare(name), ...name.split(/\s+/u).map(bare)];
  return people.filter(({ name }) => words(name).some((word) => word.startsWith(wanted)));
}

/** What somebody is called in a mention: their whole name, or their first where nobody else has it. */
function callings(people: readonly Named[]): [string, string][] {
  const first = (name: string) => name.split(/\s/u)[0] ?? name;
  const alone = (one: Named) =>
    people.filter(({ name, left }) => first(name) === first(one.name) && (one.left || !left)).length === 1;
  const all = people.flatMap((one): [string, string][] =>
    alone(one)
      ? [
          [one.name, one.id],
          [first(one.name), one.id],
        ]
      : [[one.name, one.id]],
  );
  // The longest first: who is meant by "@Ana Ruiz" is not Ana.
  return all.sort(([one], [other]) => other.length - one.length);
}

/** The text cut at its mentions, with who each names. */
function cut(text: string, people: readonly Named[]): { text: string; id: string | null }[] {
  const called = callings(people);
  const parts: { text: string; id: string | null }[] = [];
  let done = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (at < done || !BEGINS.test(text.slice(0, at))) continue;
    const rest = text.slice(at + 1);
    const found = called.find(([name]) => {
      const same = rest.slice(0, name.length).toLowerCase() === name.toLowerCase();
      return same && !GOES_ON.test(rest.slice(name.length));
    });
    if (!found) continue;
    if (at > done) parts.push({ text: text.slice(done, at), id: null });
    done = at + 1 + found[0].length;
    parts.push({ text: text.slice(at, done), id: found[1] });
  }
  if (done < text.length || parts.length === 0) parts.push({ text: text.slice(done), id: null });
  return parts;
}

/** Who is named in a text, each once. */
export const mentioned = (text: string, people: readonly Named[]): string[] => [
  ...new Set(cut(text, people).flatMap(({ id }) => id ?? [])),
];

/** The text with the names in it set apart. */
export const stretches = (text: string, people: readonly Named[]): Stretch[] =>
  cut(text, people).map(({ text, id }) => ({ text, names: id !== null }));

/** A mention of whatever begins with a letter. */
const CALLS = /@(\p{L}[\p{L}\p{M}\p{N}'’]*)(?![\p{L}\p{N}\p{M}_@]|[.-][\p{L}\p{N}])/gu;

/** Names in a text that nobody has, or more than one, and where each begins. */
export function unknown(text: string, people: readonly Named[]): { name: string; at: number }[] {
  let at = 0;
  return cut(text, people).flatMap((part) => {
    const begin = at;
    at += part.text.length;
    if (part.id !== null) return [];
    return [...part.text.matchAll(CALLS)]
      .map(({ 1: name = '', index }) => ({ name, at: begin + index }))
      .filter((one) => BEGINS.test(text.slice(0, one.at)));
  });
}
