// A contact card as text: who it is, and how they are reached. vCard 2.1, 3.0 and 4.0, as phones send them.

export interface Card {
  name: string;
  company: string;
  /** Numbers and addresses, each with what it is for where the card says. */
  ways: { href: string | null; text: string; label: string }[];
}

/** A card of a file with thousands is looked up where it is kept. */
const MOST_WAYS = 12;

/** The cards of a file. */
export function cardsOf(text: string): Card[] {
  const lines = unfolded(text);
  const cards: Card[] = [];
  let card: Card | null = null;
  for (const line of lines) {
    if (/^BEGIN:VCARD$/i.test(line)) card = { name: '', company: '', ways: [] };
    else if (card && /^END:VCARD$/i.test(line)) {
      cards.push(card);
      card = null;
    } else if (card) read(card, line);
  }
  return cards;
}

/** Long lines go on in the next one: after a blank, or in 2.1 after an equals sign. */
function unfolded(text: string): string[] {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]/g, '')
    .replace(/(;ENCODING=QUOTED-PRINTABLE[^:\n]*:(?:[^\n]*=\n)*[^\n]*)/gi, (line) => line.replace(/=\n/g, ''))
    .split('\n')
    .map((line) => line.trim());
}

function read(card: Card, line: string): void {
  const parts = /^(?:[\w-]+\.)?([A-Z-]+)((?:;[^:"]*(?:"[^"]*")?)*):(.*)$/i.exec(line);
  if (!parts) return;
  const [, property = '', marks = '', raw = ''] = parts;
  const value = plain(/QUOTED-PRINTABLE/i.test(marks) ? printable(raw) : raw);
  if (value === '') return;
  const label = labelOf(marks);
  switch (property.toUpperCase()) {
    case 'FN':
      card.name = value;
      break;
    case 'N':
      card.name ||= nameOf(raw === value ? raw : value);
      break;
    case 'ORG':
      card.company = value.replace(/;+/g, ', ').replace(/, $/, '');
      break;
    case 'TEL':
      add(card, value.replace(/^tel:/i, ''), label, 'tel');
      break;
    case 'EMAIL':
      add(card, value.replace(/^mailto:/i, ''), label, 'mailto');
  }
}

function add(card: Card, text: string, label: string, scheme: 'tel' | 'mailto'): void {
  if (card.ways.length >= MOST_WAYS) return;
  const dialled = text.replace(/[^+\d*#]/g, '');
  // What is no number and no address is shown, and leads nowhere.
  const tel = scheme === 'tel' && /^\+?[\d*#]{3,20}$/.test(dialled);
  const mail = scheme === 'mailto' && /^[^\s@<>"?&]+@[^\s@<>"?&]+$/.test(text);
  card.ways.push({ href: tel ? `tel:${dialled}` : mail ? `mailto:${text}` : null, text, label });
}

/** Given name first. */
function nameOf(value: string): string {
  const [family = '', given = '', middle = ''] = value.split(/(?<!\\);/);
  return [given, middle, family]
    .map((part) => part.trim())
    .filter(Boolean)
    .join(' ');
}

const LABELS = ['cell', 'mobile', 'home', 'work', 'fax', 'main'];
function labelOf(marks: string): string {
  const words = marks.toLowerCase().split(/[;,=":]/);
  const found = LABELS.find((label) => words.includes(label)) ?? '';
  return found === 'cell' ? 'mobile' : found;
}

const plain = (value: string): string =>
  value
    .replace(/\\n/gi, ' ')
    .replace(/\\([,;:\\])/g, '$1')
    .trim();

/** `=C3=A9` is é. */
function printable(value: string): string {
  const bytes = [...value.matchAll(/=([0-9A-F]{2})|([\s\S])/gi)].flatMap(([, hex, sign]) =>
    hex ? [parseInt(hex, 16)] : [...new TextEncoder().encode(sign)],
  );
  return new TextDecoder().decode(new Uint8Array(bytes));
}
