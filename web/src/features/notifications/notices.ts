import type { Message, Row } from '../../api/types';
import { patient } from '../../app/patient';
import type { Live, LiveEvent } from '../../live/live.svelte';
import type { Viewer } from '../session/viewer.svelte';
import { wakes } from './wish';

const part = patient(() => import('./tell'));

/** Hears what comes in, and has it told of where this browser is to tell. All else is fetched with the first of it. */
export class Notices {
  readonly #live: Live;
  readonly #viewer: Viewer;
  #telling: Awaited<ReturnType<typeof part>>['tell'] | null = null;

  constructor(live: Live, viewer: Viewer) {
    [this.#live, this.#viewer] = [live, viewer];
    live.listen((batch) => this.#hear(batch));
    live.onFront(() => this.#telling?.clear());
  }

  /** Of all tabs the one that leads tells. */
  #hear(batch: LiveEvent[]): void {
    const person = this.#viewer.id;
    for (const { type, data } of batch)
      if (type === 'conversation.updated' && data.conversation.unread === 0)
        this.#telling?.read(data.conversation.id);
    if (!this.#live.leads || !wakes(person) || this.#isOff(person)) return;
    const texts = batch.flatMap(({ type, data }) =>
      type === 'message.created' && isText(data.message) ? [[data.message, data.conversation] as const] : [],
    );
    if (texts.length > 0) void this.#tell(texts, person);
  }

  /** Whoever is off today is told of nothing, here neither. */
  #isOff(person: string): boolean {
    const until = this.#viewer.me?.staff.find(({ id }) => id === person)?.off_until;
    return !!until && Date.parse(until) > Date.now();
  }

  async #tell(texts: (readonly [Message, Row])[], person: string): Promise<void> {
    const { tell } = await part();
    this.#telling = tell;
    if (!(await this.#live.inFront())) await tell.texts(texts, person);
  }
}

const isText = ({ direction, kind }: Message) => direction === 'in' && kind === 'customer';
