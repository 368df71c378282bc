// The other side: customers' phones, and the provider between, by the simulator's control API.
import { system } from './inbox';

export interface Text {
  sid: string;
  direction: string;
  sent_by: 'phone' | 'line';
  from: string;
  to: string;
  body: string;
  status: string;
}

export async function simulator<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${system.simulator_url}/simulator/${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (answer.status === 204 ? null : await answer.json()) as T;
}

export class Phone {
  readonly number: string;

  constructor(number: string) {
    this.number = number;
  }

  /** Texts the line; returns once Porchlight has it, or the provider has given up. */
  async text(body: string, more: object = {}): Promise<{ accepted: boolean }> {
    type Sent = { webhook: { accepted: boolean } };
    return (await simulator<Sent>('POST', 'texts', { from: this.number, to: system.line, body, ...more }))
      .webhook;
  }

  /** The texts that this phone shows and did not write, oldest first. */
  received(): Promise<string[]> {
    return this.#shown('line');
  }

  /** Those that it wrote. */
  sent(): Promise<string[]> {
    return this.#shown('phone');
  }

  async #shown(by: Text['sent_by']): Promise<string[]> {
    const path = `phones/${encodeURIComponent(this.number)}/messages`;
    const { messages } = await simulator<{ messages: Text[] }>('GET', path);
    return messages.filter(({ sent_by }) => sent_by === by).map(({ body }) => body);
  }

  /** What the provider accepted for it, oldest first, whatever became of it. */
  async accepted(): Promise<string[]> {
    const { messages } = await simulator<{ messages: Text[] }>('GET', 'messages');
    return messages
      .filter(({ sent_by, to }) => sent_by === 'line' && to === this.number)
      .map(({ body }) => body);
  }
}

/** Something goes wrong with the next text with these words. */
export const breakNext = (fault: unknown, body: string): Promise<unknown> =>
  simulator('POST', 'faults/next', { fault, body });

export const badMonday = (on: boolean): Promise<unknown> => simulator('POST', 'bad-monday', { on });
