// Where a text may be cut between parts, as the provider's own calculator sees it (npm `sms-segments-calculator`).
//
// It cuts by Unicode 10 (`grapheme-splitter` 1.0.4), not by the Unicode of today: a Hindi conjunct and an emoji that
// is younger come apart, and so does what follows a decorated flag or a second skin tone after a heart. The server
// cuts in the same way (shared/domain/src/segments/clusters.rs).

/** What a character is to its neighbours; the first that fits. */
const CLASSES: [name: string, RegExp][] = [
  ['.', /[ -~\u00a0-\u00ac\u00ae-\u02ff]/], // most of what is written
  ['J', /\u200d/], // joins emoji
  ['S', /[\u{1f3fb}-\u{1f3ff}]/u], // a skin tone
  ['F', /[\u{1f1e6}-\u{1f1ff}]/u], // half a flag
  ['R', /[\u{1f466}-\u{1f469}]/u], // man, woman, boy, girl: take a skin tone, and may be joined
  ['L', /[\u1100-\u115f\ua960-\ua97c]/], // the parts of Korean syllables
  ['V', /[\u1160-\u11a7\ud7b0-\ud7c6]/],
  ['T', /[\u11a8-\u11ff\ud7cb-\ud7fb]/],
  ['C', /[\uac00-\ud7a3]/], // a whole one, open at its end or closed: see below
  // Stands alone: line breaks, signs that only steer.
  ['c', /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e001f}\u{e0080}-\u{e00ff}]/u],
  // Belongs to what follows: signs of Arabic and other numbers, letters written above the next one.
  ['P', /[\u0600-\u0605\u06dd\u070f\u08e2\u0d4e\u{110bd}\u{111c2}\u{111c3}\u{11a3a}\u{11a86}-\u{11a89}\u{11d46}]/u],
  // Takes a skin tone: emoji of people and hands, up to 2017.
  ['B', /[\u261d\u26f9\u270a-\u270d\u{1f385}\u{1f3c2}-\u{1f3c4}\u{1f3c7}\u{1f3ca}-\u{1f3cc}\u{1f442}\u{1f443}\u{1f446}-\u{1f450}\u{1f46e}\u{1f470}-\u{1f478}\u{1f47c}\u{1f481}-\u{1f483}\u{1f485}-\u{1f487}\u{1f4aa}\u{1f574}\u{1f575}\u{1f57a}\u{1f590}\u{1f595}\u{1f596}\u{1f645}-\u{1f647}\u{1f64b}-\u{1f64f}\u{1f6a3}\u{1f6b4}-\u{1f6b6}\u{1f6c0}\u{1f6cc}\u{1f918}-\u{1f91c}\u{1f91e}\u{1f91f}\u{1f926}\u{1f930}-\u{1f939}\u{1f93d}\u{1f93e}\u{1f9d1}-\u{1f9dd}]/u],
  ['H', /[♀♂⚕⚖✈❤🌈🌾🍳🎓🎤🎨🏫🏭💋💻💼🔧🔬🗨🚀🚒]/u], // may be joined to a body
  // Belongs to what stands before it: accents, vowel signs; as today's Unicode has them, but for a few.
  ['.', /[\u102b\u102c\u1038\u1062-\u1064\u1067-\u106d\u1083\u1087-\u108c\u108f\u109a-\u109c\u1a61\u1a63\u1a64\uaa7b\uaa7d]/],
  ['N', /[\u0e33\u0eb3]|(?![\u09be\u09d7\u0b3e\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u302e\u302f\u{1133e}\u{11357}\u{114b0}\u{114bd}\u{115af}\u{1d165}\u{1d16e}-\u{1d172}])\p{Mc}/u], // vowel signs, with a place of their own
  ['M', /[\p{M}\u1cf2\u1cf3\u200c\uff9e\uff9f\u{e0020}-\u{e007f}]/u],
]; // prettier-ignore

function classOf(char: string): string {
  const name = CLASSES.find(([, signs]) => signs.test(char))?.[0] ?? '.';
  return name === 'C' && (char.charCodeAt(0) - 0xac00) % 28 === 0 ? 'O' : name;
}

/** Whether the next character belongs to the cluster, both by their classes. */
function joins(cluster: string, next: string): boolean {
  if (/.F.*[^F]$/.test(cluster)) return false;
  if (/c/.test(cluster + next)) return false;
  if (next === 'S') return /P$|[BR]M$|^[^M]*[BR]$/.test(cluster);
  if (next === 'F') return /P$|^F$/.test(cluster);
  return /L[LVOC]$|[OV][VT]$|[CT]T$|[MNJ]$|P.$|J[HR]$/.test(cluster + next);
}

export function clusters(text: string): string[] {
  const found: string[] = [];
  let classes = '';
  for (const char of text) {
    const next = classOf(char);
    const joined = classes !== '' && joins(classes, next);
    if (joined) found.push((found.pop() ?? '') + char);
    else found.push(char);
    classes = joined ? classes + next : next;
  }
  return found;
}
