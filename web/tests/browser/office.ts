// Somebody else in the office, at the API: what they do is not on any screen under test until it is told to it.
import { request, type APIRequestContext } from '@playwright/test';

import { ulid } from '../../src/app/ulid';
import { system, userOf, type User } from './inbox';
import { Phone } from './phones';

export interface Row {
  id: string;
  contact: string;
  name: string;
  seq: number;
  attention: boolean;
  state: 'open' | 'closed';
  unread: number;
  assignee: { id: string; name: string } | null;
  customer: { id: string; name: string } | null;
  job?: { number: number } | null;
  draft?: { text: string } | null;
}

export interface Message {
  id: string;
  seq: number;
  direction: 'in' | 'out';
  text: string;
  status: string;
}

export class Office {
  readonly #api: APIRequestContext;

  private constructor(api: APIRequestContext) {
    this.#api = api;
  }

  static async signIn(role: User['role'] = 'admin'): Promise<Office> {
    const { email, password } = userOf(role);
    const api = await request.newContext({ baseURL: system.url });
    const office = new Office(api);
    await office.ask('POST', '/api/session', { email, password });
    return office;
  }

  async ask<T>(method: string, path: string, data?: unknown): Promise<T> {
    const answer = await this.#api.fetch(path, { method, ...(data !== undefined && { data }) });
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return (answer.status() === 204 ? null : await answer.json()) as T;
  }

  /** A customer with this phone; a name is all they need. */
  async customer(name: string, phone: string, more: object = {}): Promise<string> {
    const id = ulid(Date.now());
    await this.ask('PUT', `/api/customers/${id}`, { name, ...more });
    await this.ask('PUT', `/api/customers/${id}/contacts/${encodeURIComponent(phone)}`, {});
    return id;
  }

  /** A job of a customer, for which no day is set yet. */
  job(customer: string, number: number, title: string): Promise<unknown> {
    const job = { customer_id: customer, number, title, status: 'scheduled' };
    return this.ask('PUT', `/api/jobs/${ulid(Date.now())}`, job);
  }

  /** The conversation with a contact. */
  async with(contact: string): Promise<Row> {
    for (let cursor = ''; ;) {
      type Page = { conversations: Row[]; next_cursor: string | null };
      const page: Page = await this.ask('GET', `/api/conversations?limit=200${cursor}`);
      const row = page.conversations.find((one) => one.contact === contact);
      if (row) return row;
      if (!page.next_cursor) throw new Error(`no thread with ${contact}`);
      cursor = `&cursor=${page.next_cursor}`;
    }
  }

  get(id: string): Promise<Row> {
    return this.ask('GET', `/api/conversations/${id}`);
  }

  async messages(id: string): Promise<Message[]> {
    type Page = { messages: Message[] };
    return (await this.ask<Page>('GET', `/api/conversations/${id}/messages?limit=200`)).messages;
  }

  /** Answers, having seen everything. */
  reply(id: string, text: string): Promise<Message> {
    const body = { id: ulid(Date.now()), text, seen_seq: 4_000_000_000 };
    return this.ask('POST', `/api/conversations/${id}/messages`, body);
  }

  act(id: string, act: 'done' | 'close' | 'reopen' | 'unread' | 'read'): Promise<Row> {
    return this.ask('POST', `/api/conversations/${id}/${act}`, { id: ulid(Date.now()) });
  }
}

/** A customer who has just texted, told apart from others by their name. */
export class Somebody {
  readonly phone: Phone;
  readonly office: Office;
  readonly id: string;

  private constructor(phone: Phone, office: Office, id: string) {
    this.phone = phone;
    this.office = office;
    this.id = id;
  }

  static async named(name: string): Promise<Somebody> {
    const phone = new Phone(numberOf(name));
    const office = await Office.signIn('admin');
    await office.customer(name, phone.number);
    await phone.text(`Hello from ${name}`);
    return new Somebody(phone, office, (await office.with(phone.number)).id);
  }

  row(): Promise<Row> {
    return this.office.get(this.id);
  }
}

/** A number of one's own, the same in every run; out of the range of the demo. */
function numberOf(name: string): string {
  let hash = 7;
  for (const sign of name) hash = (hash * 31 + (sign.codePointAt(0) ?? 0)) % 899_999;
  return `+1603${7_000_000 + hash}`;
}
