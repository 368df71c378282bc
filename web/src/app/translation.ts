// A browser that translates the page puts a <font> in the place of each text, and takes the text out. What is drawn later
// would go into a text that nobody sees, and what is taken away would stay. So each text goes back to its place, empty,
// behind its translation: once it is drawn anew, or taken away, the translation goes, and the browser translates afresh.

/** The translation that stands for a text, and the words that the text had. */
interface Standing {
  by: Element;
  words: string;
}

const standing = new WeakMap<Text, Standing>();
const taken = new WeakSet<Node>();

/** The outermost of the elements that a translation has wrapped the text itself in. */
function wrapping(text: Text): Element | null {
  let found: Element | null = null;
  for (let up = text.parentElement; up?.nodeName === 'FONT'; up = up.parentElement) found = up;
  return found;
}

const isTranslation = (node: Node | null | undefined): node is Element =>
  node?.nodeName === 'FONT' && node.isConnected && !taken.has(node);

/** What was put in the place of a text: by the same change, or beside it a moment before. */
function translationOf(text: Text, change: MutationRecord): Element | undefined {
  if (text.isConnected) return wrapping(text) ?? undefined;
  return [change.addedNodes[0], change.previousSibling, change.nextSibling].find(isTranslation);
}

function stand(text: Text, by: Element): void {
  if (by.contains(text)) text.replaceWith(text.data);
  standing.set(text, { by, words: text.data });
  taken.add(by);
  text.data = '';
  by.after(text);
}

function end(text: Text, { by }: Standing): void {
  standing.delete(text);
  by.remove();
  // Comes anew, so that it is translated as well.
  if (text.isConnected) text.before(text);
}

/** Out of its place: by the translation, by whoever drew it, or to another place. */
function left(text: Text, change: MutationRecord): void {
  const known = standing.get(text);
  if (!known) {
    const by = translationOf(text, change);
    if (by) stand(text, by);
  } else if (text.previousSibling !== known.by) {
    text.data ||= known.words;
    end(text, known);
  }
}

function heard(changes: MutationRecord[]): void {
  // What changed in a text before it stood aside was the translation's.
  const drawn = changes
    .map(({ type, target }) => (type === 'characterData' ? (target as Text) : null))
    .filter((text) => text !== null && standing.has(text));
  for (const change of changes)
    for (const node of change.removedNodes) if (node instanceof Text) left(node, change);
  for (const text of drawn) {
    const known = text && standing.get(text);
    if (known) end(text, known);
  }
  // What was done here is known here.
  watch.takeRecords();
}

const watch = new MutationObserver(heard);

/** From now on what is drawn is seen, whatever the page is translated to. */
export function watchTranslation(): void {
  watch.observe(document.body, { childList: true, characterData: true, subtree: true });
}
