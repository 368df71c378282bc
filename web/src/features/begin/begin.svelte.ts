import { answer, api } from '../../api/client';
import type { Whom } from '../../api/types';
import { ulid } from '../../app/ulid';

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
  /** As it was typed, and nobody's yet. */
  typed: boolean;
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
  #asked = '';
  #id = '';

  /** Emptied for the next one. */
  clear(): void {
    this.query = this.name = this.how = this.words = this.text = '';
    this.to = null;
    this.linked = '';
    this.#asked = this.#id = '';
  }

  belongsTo(owner: string): void {
    if (owner && this.owner !== owner) this.clear();
    this.owner = owner;
  }

  /** The same words asked for again are the same command, however often a network loses its answer (P9). */
  idOf(command: object): string {
    const asked = JSON.stringify(command);
    if (asked !== this.#asked) [this.#asked, this.#id] = [asked, ulid()];
    return this.#id;
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
        typed: false,
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
      typed: true,
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
