import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { Conversation, Message, MessagePage } from '../../api/types';
import { patient } from '../../app/patient';
import { isSaid } from './planned';
import type { Sight } from './sight';
import type { Asked, Part, Reached, Wanted } from './wanted';

const PAGE = 50;
const BIG_PAGE = 200;
/** How far back the first unread one is looked for, or what is printed is loaded, at most. */
const SEARCH_PAGES = 25;

const farPart = patient(() => import('./far'));

/**
 * One open conversation: its details, and its messages from the newest backwards, by `seq`. Fed by pages and by live
 * events; only newer versions replace what it has (P8).
 */
export class Thread implements Part {
  readonly id: string;
  /** What has been on a screen. Set by the part that draws. */
  sight: Sight | null = null;
  details = $state.raw<Conversation | null>(null);
  /** Oldest first, without holes. */
  messages = $state.raw<readonly Message[]>([]);
  state = $state<'loading' | 'ready' | 'failed' | 'gone'>('loading');
  failure = $state.raw<Failure | null>(null);
  /** It is what this device kept, as of then: nobody answers. */
  asOf = $state<string | null>(null);
  older = $state<'idle' | 'loading' | 'failed'>('idle');
  /** The first message that this reader had not seen when the thread was opened. */
  firstUnread = $state<number | null>(null);

  readonly #me: () => string;
  /** What is here begins after the oldest, and older messages stand before this place. */
  before = $state<number | null>(null);
  /** What is here ends before the newest, and newer messages stand after this place. */
  after = $state<number | null>(null);
  /** Counts the parts that took the place of another. */
  shown = 0;
  /** What came live while pages were on their way. */
  #live: Message[] = [];
  #loading: Promise<void> | null = null;
  #loadingOlder: Promise<void> | null = null;
  #reloads: Promise<void> = Promise.resolve();
  #reloading = false;

  constructor(id: string, me: () => string = () => '') {
    this.id = id;
    this.#me = me;
  }

  get complete(): boolean {
    return this.state === 'ready' && this.before === null;
  }

  /** Newer messages are not here: what is on the screen is a part further back. */
  get detached(): boolean {
    return this.after !== null;
  }

  /** The place of the newest message that is here. */
  get newest(): number {
    return this.messages.at(-1)?.seq ?? 0;
  }

  /** Up to where its reader has seen it; as long as nobody looks at it, that is all. */
  get seen(): number {
    return this.sight?.upTo(this.messages.filter(isSaid), this.#me()) ?? this.newest;
  }

  /** Opened again while warm: what came meanwhile is marked as new, what was new then is not. */
  reopen(unread: number): void {
    if (this.detached) return this.#anew();
    this.sight?.open(this.newest);
    if (this.state !== 'ready') return;
    const incoming = this.messages.filter(({ direction }) => direction === 'in');
    this.firstUnread = unread > 0 ? (incoming.at(-unread)?.seq ?? incoming[0]?.seq ?? null) : null;
  }

  /** It was left far from its end. */
  #anew(): void {
    this.shown++;
    [this.messages, this.before, this.after, this.state] = [[], null, null, 'loading'];
    [this.#live, this.older] = [[], 'idle'];
    void this.load();
  }

  /** Once: what is loaded is kept true by live events. */
  async load(): Promise<void> {
    if (this.state === 'ready') return;
    this.#loading ??= this.#load().finally(() => (this.#loading = null));
    await this.#loading;
  }

  async #load(): Promise<void> {
    if (this.state === 'failed') this.state = 'loading';
    try {
      const [details, page] = await Promise.all([this.#details(), this.page({ limit: PAGE })]);
      this.#keep(details);
      this.firstUnread = details.first_unread_seq;
      this.before = page.next_before;
      this.#replace(page.messages);
      await this.backTo((oldest) => this.firstUnread === null || oldest.seq <= this.firstUnread);
      this.sight?.open(this.newest);
      this.state = 'ready';
      this.failure = null;
    } catch (cause) {
      this.#failed(Failure.from(cause));
    }
  }

  #failed(failure: Failure): void {
    this.failure = failure;
    if (failure.gone) this.state = 'gone';
    else if (this.messages.length === 0) this.state = 'failed';
  }

  #details(): Promise<Conversation> {
    return answer(api.GET('/api/conversations/{id}', { params: { path: { id: this.id } } }));
  }

  /** Two that were asked for at once may come in either order. */
  #keep(details: Conversation): void {
    if (details.version >= (this.details?.version ?? 0)) this.details = details;
  }

  page(asked: Asked): Promise<MessagePage> {
    const { before, ...others } = asked;
    const query = { ...others, ...(before && { before }) };
    return answer(api.GET('/api/conversations/{id}/messages', { params: { path: { id: this.id }, query } }));
  }

  /** One page further back. */
  loadOlder(limit = PAGE): Promise<void> {
    this.#loadingOlder ??= this.#loadOlder(limit).finally(() => (this.#loadingOlder = null));
    return this.#loadingOlder;
  }

  async #loadOlder(limit: number): Promise<void> {
    if (this.before === null) return;
    this.older = 'loading';
    const { before, shown } = this;
    try {
      const page = await this.page({ before, limit });
      this.older = 'idle';
      // Another part is here by now.
      if (shown !== this.shown) return;
      this.before = page.next_before;
      this.#merge(page.messages);
    } catch {
      if (shown === this.shown) this.older = 'failed';
    }
  }

  /** Loads back, as far as is sensible. */
  async backTo(reached: (oldest: Message) => boolean): Promise<void> {
    for (let pages = 0; pages < SEARCH_PAGES; pages++) {
      const oldest = this.messages[0];
      if (!oldest || reached(oldest) || this.before === null || this.older === 'failed') return;
      await this.loadOlder(BIG_PAGE);
    }
  }

  /** Leads to a message: one request, however far it is. */
  async reach(wanted: Wanted): Promise<Reached> {
    await this.load();
    const here = this.messages.find((message) => isIt(message, wanted));
    return here ?? (await farPart()).reach(this, wanted);
  }

  /** Back to the newest messages, where those that are here end before; false where they did not load. */
  async toNewest(): Promise<boolean> {
    return !this.detached || (await farPart()).toNewest(this);
  }

  /** One page further on, where newer messages are not here. */
  async loadNewer(): Promise<void> {
    if (this.detached) await (await farPart()).loadNewer(this);
  }

  /** Another part takes the place of what is here; at the end, with what came live meanwhile. */
  show({ messages, next_before, next_after }: MessagePage): void {
    this.shown++;
    this.older = 'idle';
    [this.messages, this.before, this.after] = [messages, next_before, next_after];
    if (this.detached) return;
    const live = this.#live;
    this.#live = [];
    this.take(live);
  }

  /** Live events, and the answers to our own sends. */
  take(messages: readonly Message[]): void {
    const ours = messages.filter((message) => message.conversation_id === this.id);
    if (ours.length === 0) return;
    if (this.state !== 'ready' || this.#reloading) this.#live.push(...ours);
    if (this.state !== 'ready') return;
    if (this.detached) return this.#takeDetached(ours);
    const last = this.newest;
    // Older than the oldest page we have: the page will bring it.
    const oldest = this.before === null ? 0 : (this.messages[0]?.seq ?? 0);
    // What the thread has cost stands in the details.
    if (ours.some(({ id, price }) => price && !this.messages.find((had) => had.id === id)?.price))
      void this.refreshDetails();
    this.#merge(ours.filter((message) => message.seq >= oldest));
    const next = Math.min(...ours.map((message) => message.seq).filter((seq) => seq > last));
    if (Number.isFinite(next) && next > last + 1) void this.#fill(next);
  }

  /** What is on the screen changes; what is new waits for its turn. */
  #takeDetached(messages: readonly Message[]): void {
    const oldest = this.messages[0]?.seq ?? 0;
    this.#merge(messages.filter(({ seq }) => seq >= oldest && seq <= this.newest));
    if (!this.#reloading) this.#live.push(...messages.filter(({ seq }) => seq > this.newest));
  }

  /** Events may overtake each other; what lies between is fetched. */
  async #fill(before: number): Promise<void> {
    const { shown } = this;
    const page = await this.page({ before, limit: BIG_PAGE }).catch(() => null);
    if (page && shown === this.shown)
      this.#merge(page.messages.filter((message) => message.seq >= (this.messages[0]?.seq ?? 0)));
  }

  /** The newest page, when something says that we miss what is on it. */
  async catchUp(): Promise<void> {
    const page = await this.page({ limit: PAGE }).catch(() => null);
    if (page) this.take(page.messages);
  }

  /** Consent, permission or the customer may have changed with an event. */
  async refreshDetails(): Promise<void> {
    const details = await this.#details().catch((cause: unknown) => {
      if (Failure.from(cause).gone) this.state = 'gone';
      return null;
    });
    if (details) this.#keep(details);
  }

  /** After too long a gap: as much as was loaded, anew. */
  reload(): Promise<void> {
    this.#reloads = this.#reloads.then(() => this.#reload());
    return this.#reloads;
  }

  async #reload(): Promise<void> {
    this.#reloading = true;
    const { shown } = this;
    const wanted = this.messages.length;
    try {
      const details = await this.#details();
      const messages: Message[] = [];
      // Whoever reads far from the end stays there.
      let before = this.detached ? this.newest + 1 : null;
      do {
        const page = await this.page({ before, limit: BIG_PAGE });
        messages.unshift(...page.messages);
        before = page.next_before;
      } while (before !== null && messages.length < Math.min(wanted, 1000));
      this.#keep(details);
      if (shown !== this.shown) return;
      this.before = before;
      this.#replace(messages);
      this.state = 'ready';
      this.asOf = null;
    } catch (cause) {
      this.#failed(Failure.from(cause));
    } finally {
      this.#reloading = false;
    }
  }

  end(): void {
    this.state = 'gone';
  }

  #replace(messages: readonly Message[]): void {
    const live = this.#live;
    const [oldest, newest] = [messages[0]?.seq ?? 0, messages.at(-1)?.seq ?? 0];
    const waits = ({ seq }: Message) => this.detached && seq > newest;
    this.#live = live.filter(waits);
    this.messages = [];
    this.#merge([...messages, ...live.filter((one) => one.seq >= oldest && !waits(one))]);
  }

  #merge(incoming: readonly Message[]): void {
    const byId = new Map(this.messages.map((message) => [message.id, message]));
    let ordered = true;
    let changed = false;
    let last = this.newest;
    for (const message of incoming) {
      const had = byId.get(message.id);
      if (had && had.version >= message.version) continue;
      changed = true;
      // What waited moves to the end when it goes.
      if (had) ordered &&= had.seq === message.seq;
      else {
        ordered &&= message.seq > last;
        last = Math.max(last, message.seq);
      }
      byId.set(message.id, message);
    }
    if (!changed) return;
    const messages = [...byId.values()];
    this.messages = ordered ? messages : messages.sort((a, b) => a.seq - b.seq);
  }
}

/** Whether it is the message that is wanted; the first of a day only the server knows. */
const isIt = (message: Message, wanted: Wanted): boolean =>
  'id' in wanted ? message.id === wanted.id : 'seq' in wanted && message.seq === wanted.seq;
