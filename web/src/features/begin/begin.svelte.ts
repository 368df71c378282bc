import { CommandId } from '../../api/again';
import { answer, api } from '../../api/client';
import type { Whom } from '../../api/types';

/** Whom somebody has picked, and how they are reached. */
export interface Recipient {
  contact: string;
  name: string | null;
  country: string | null;
  /** The thread with them, where there is one. */
  thread: string | null;
  optedOut: boolean;
  cannotText: boolean;
}

/** One line of what may be meant: a number, of somebody or as it was typed. */
export interface Choice extends Recipient {
  id: string;
  label: string | null;
  address: string | null;
}

/** What is being written to somebody new. It outlives its dialog: nothing that was typed is lost by closing it. */
class Beginning {
  /** Whose it is: nothing of it is another person's to see. */
  owner = '';
  query = $state('');
  /** A number that an address named: it is meant. */
  linked = '';
  to = $state.raw<Recipient | null>(null);
  name = $state('');
  how = $state('');
  words = $state('');
  text = $state('');
  /** The same words asked for again are the same command, however often a network loses its answer (P9). */
  readonly command = new CommandId();
  /** What was said of whoever was picked before: it is theirs, and nobody else's. */
  #before: { contact: string; name: string; how: string; words: string } | null = null;

  /** Emptied for the next one. */
  clear(): void {
    this.query = this.text = '';
    this.#forget();
    this.linked = '';
    this.command.end();
  }

  #forget(): void {
    this.to = this.#before = null;
    this.name = this.how = this.words = '';
  }

  /** An address names somebody: a number to be read, and how they are called. */
  ask(contact: string, name: string): void {
    if (contact && contact !== this.to?.contact) {
      this.#forget();
      this.query = this.linked = contact.trim();
    }
    if (name) this.name = name;
  }

  /** What was said of the last one comes again where it is the same one, and nothing else was said since. */
  pick(to: Recipient): void {
    this.to = to;
    this.linked = '';
    const { contact, name, how, words } = this.#before ?? {};
    this.#before = null;
    if (contact !== to.contact || this.name || this.how || this.words) return;
    [this.name, this.how, this.words] = [name ?? '', how ?? '', words ?? ''];
  }

  /** Somebody else is meant: their name, and how they agreed, go with them. */
  change(): void {
    const { to, name, how, words } = this;
    this.#forget();
    if (to) this.#before = { contact: to.contact, name, how, words };
  }

  belongsTo(owner: string): void {
    if (owner && this.owner !== owner) this.clear();
    this.owner = owner;
  }
}

export const beginning = new Beginning();

/** Whom `q` may mean. */
export const look = (q: string, signal: AbortSignal): Promise<Whom> =>
  answer(api.GET('/api/customers', { params: { query: { q } }, signal }));

/** Every number that may be meant, one line each; of a customer the last used first. */
export function choicesOf(whom: Whom): Choice[] {
  const known = whom.customers.flatMap((customer) =>
    customer.contacts
      .filter(({ channel }) => channel === 'sms')
      .map((number): Choice => ({
        id: `${customer.id}-${number.contact}`,
        contact: number.contact,
        name: customer.name,
        label: number.label,
        address: customer.address,
        country: null,
        thread: number.conversation_id,
        optedOut: number.opted_out,
        cannotText: number.cannot_text,
      })),
  );
  const { typed } = whom;
  if (!typed?.contact || typed.refusal || known.some(({ contact }) => contact === typed.contact))
    return known.map((one) => (one.contact === typed?.contact ? { ...one, country: typed.country } : one));
  return [
    {
      id: 'typed',
      contact: typed.contact,
      name: typed.name,
      label: null,
      address: null,
      country: typed.country,
      thread: typed.conversation_id,
      optedOut: typed.opted_out,
      cannotText: typed.cannot_text,
    },
    ...known,
  ];
}

/** What Enter takes where nobody has moved: an exact match that is the only one. Nobody is chosen by a part. */
export function exactOf(whom: Whom, choices: readonly Choice[], query: string): Choice | null {
  const folded = query.trim().toLowerCase();
  const exact = choices.filter(
    ({ contact, name }) => contact === whom.typed?.contact || name?.trim().toLowerCase() === folded,
  );
  // Others may be called so who are not shown.
  return exact.length === 1 && !(whom.more && !whom.typed?.contact) ? (exact[0] ?? null) : null;
}

const countries = new Intl.DisplayNames([navigator.language, 'en'], { type: 'region' });

/** The name of a country, as its readers call it. */
export const countryName = (code: string): string => countries.of(code) ?? code;
