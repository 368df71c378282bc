// The outbox at work in this window: what was written is kept, what is kept goes, in order per thread, and what holds it
// is said. The worker does the same while no window is open (worker/outbox.ts).
import { Failure } from '../../api/failure';
import type { Message } from '../../api/types';
import type { Entry, Shown } from './entry';
import type { KeptFile, SentFile, Stuck, Unsent } from './item';
import { now } from '../../app/now.svelte';
import { t } from '../../app/strings';
import { all, alone, bytesOf, channelOf, drop, find, inOrder, keep, type Bytes, type Told } from './box';
import { keepClock, lastClock, noted, unnote } from './journal';
import { deliver, isGone, type Outcome, type Way } from './deliver';

/** The app's own clock: "online" may be wrong, and proves nothing. */
const RETRY_MS = [2000, 4000, 8000, 16_000, 32_000, 60_000];
/** Refusals that close the box: the words of whoever is there go back into it. */
const SHUTS = new Set(['opted-out', 'cannot-text']);
export const SYNC = 'porchlight.outbox';

const GOES = new Set(['sending', 'retrying']);

/** A file that this page holds. */
interface Held extends KeptFile {
  blob?: Blob | null;
  prepared?: () => Promise<void>;
  took?: (up: SentFile) => void;
}

export class Posting {
  readonly #box: Shown;
  #staff = '';
  #channel: BroadcastChannel | null = null;
  /** Threads that are being worked on. */
  readonly #busy = new Set<string>();
  /** Pauses between two tries; called with false they give up. */
  readonly #pauses = new Set<(goOn: boolean) => void>();
  /** Messages that the store has. */
  readonly #kept = new Set<string>();
  /** One write after the other: what has gone is not kept again. */
  #writes: Promise<unknown> = Promise.resolve();

  constructor(box: Shown) {
    this.#box = box;
  }

  /** What was on its way when the last page closed, and what another tab has. */
  async open(staff: string): Promise<void> {
    this.#listen(staff);
    const clock = lastClock();
    if (!now.known && clock !== null) now.follow(new Date(Date.now() + clock).toISOString());
    const kept = await all(staff);
    for (const { id } of kept) this.#kept.add(id);
    const left = noted(staff).filter(({ id }) => !this.#kept.has(id));
    if (staff !== this.#staff) return;
    for (const unsent of [...kept, ...left].sort(inOrder)) {
      if (this.#box.find(unsent.id)) continue;
      // A page was closed over it: it is looked at again before it goes.
      const entry = entryOf({ ...unsent, late: true });
      this.#box.put(entry);
      if (left.includes(unsent)) this.#keep(entry, []);
    }
    this.flush();
    await this.#strand();
  }

  /** What waited for its writer may be of a conversation that was taken from them meanwhile. */
  async #strand(): Promise<void> {
    const waits = this.#box.entries.filter(({ state, held }) => !GOES.has(state) && held?.why !== 'gone');
    for (const conversation of new Set(waits.map((entry) => entry.conversation)))
      if (await isGone(conversation)) this.#box.strand(conversation);
  }

  #listen(staff: string): void {
    if (staff === this.#staff) return;
    this.close();
    this.#staff = staff;
    this.#channel = channelOf(staff);
    if (this.#channel) this.#channel.onmessage = ({ data }: MessageEvent<Told>) => void this.#told(data);
    document.addEventListener('visibilitychange', this.#looked);
  }

  close(): void {
    this.pause();
    this.#channel?.close();
    this.#channel = null;
    this.#staff = '';
    document.removeEventListener('visibilitychange', this.#looked);
  }

  readonly #looked = (): void => {
    if (!document.hidden) this.flush();
  };

  /** No more tries until `flush`. */
  pause(): void {
    this.#endPauses(false);
  }

  /** The connection may be back, or somebody has signed in again: the next try is now. */
  flush(): void {
    if (now.known) keepClock(now.exact() - Date.now());
    this.#endPauses(true);
    for (const thread of new Set(this.#box.entries.map(({ conversation }) => conversation)))
      void this.#work(thread);
  }

  #endPauses(goOn: boolean): void {
    for (const end of [...this.#pauses]) end(goOn);
  }

  /** Written just now. It is posted beside being kept: nobody waits for the disk while the line is good. */
  take(entry: Entry): void {
    void this.#keepWhole(entry);
    this.go(entry.conversation);
  }

  /** Something about it is new: it may go, or somebody has decided. */
  change(entry: Entry): void {
    this.#keep(entry);
    this.go(entry.conversation);
  }

  go(conversation: string): void {
    void this.#work(conversation);
  }

  /** With the bytes of its files, once they are what leaves. */
  async #keepWhole(entry: Entry): Promise<void> {
    const files = (entry.files ?? []) as readonly Held[];
    await Promise.all(files.map((file) => file.prepared?.()));
    const here = this.#box.find(entry.id);
    if (!here) return;
    const bytes = files.flatMap(({ key, blob }) => (key && blob ? { key, blob } : []));
    this.#keep(here, bytes);
  }

  #keep(entry: Entry, bytes: readonly Bytes[] = []): void {
    const { id, staff } = entry;
    this.#write(async () => {
      const here = this.#box.find(id);
      if (!here) return;
      const kept = await keep(plain(here), bytes);
      if (kept) {
        this.#kept.add(id);
        unnote(staff, id);
        this.#say({ put: id });
      } else if (!here.noted || bytes.length > 0) this.#box.mark(id, { unkept: true });
    });
  }

  #write(act: () => Promise<void>): void {
    this.#writes = this.#writes.then(act, act);
  }

  /** It has gone, or is its writer's again. */
  drop(entry: Entry, message?: Message): void {
    unnote(entry.staff, entry.id);
    this.#write(async () => {
      await drop(plain(entry));
      this.#kept.delete(entry.id);
      this.#say({ gone: entry.id, ...(message && { message }) });
    });
  }

  #say(told: Told): void {
    this.#channel?.postMessage(JSON.parse(JSON.stringify(told)));
  }

  async #told(told: Told): Promise<void> {
    if ('flush' in told) return this.flush();
    if ('gone' in told) {
      this.#kept.delete(told.gone);
      if (told.message) this.#box.confirm([told.message as Message]);
      else this.#box.left(told.gone);
      return;
    }
    const unsent = await find(told.put);
    if (!unsent || unsent.staff !== this.#staff || this.#busyWith(unsent)) return;
    this.#kept.add(unsent.id);
    const had = this.#box.find(unsent.id);
    this.#box.put({ ...entryOf(unsent), ...(had && { files: had.files }) });
    this.go(unsent.conversation);
  }

  #busyWith = ({ conversation, id }: Unsent): boolean =>
    this.#busy.has(conversation) && this.#box.find(id)?.state === 'sending';

  /** Delivers a thread, one after the other, until nothing is left of it or something holds it. */
  async #work(conversation: string): Promise<void> {
    if (this.#busy.has(conversation)) return;
    this.#busy.add(conversation);
    try {
      for (let tries = 0; this.#next(conversation);) {
        const thread = { staff: this.#staff, conversation };
        const { rest, moved } = (await alone(thread, () => this.#round(conversation)))!;
        if (moved) tries = 0;
        if (rest === 'signed-out') return;
        if (rest === 'again' && !(await this.#pause(tries++))) return;
      }
    } finally {
      this.#busy.delete(conversation);
    }
  }

  /** What goes next. What is held, refused or waits holds the later ones; words and notes go apart. */
  #next(conversation: string): Entry | undefined {
    if (!this.#box.mayPost() || !this.#staff) return undefined;
    const all = this.#box.entries.filter((entry) => entry.conversation === conversation);
    return all.find(({ note }, at) =>
      all.slice(0, at + 1).every((one) => !one.note !== !note || GOES.has(one.state)),
    );
  }

  async #round(conversation: string): Promise<{ rest: 'done' | 'again' | 'signed-out'; moved: boolean }> {
    for (let moved = false; ; moved = true) {
      const entry = this.#next(conversation);
      if (!entry) return { rest: 'done', moved };
      const was = await this.#try(entry);
      if (was === 'again' || was === 'signed-out') return { rest: was, moved };
    }
  }

  async #try(entry: Entry): Promise<Outcome['was'] | 'elsewhere'> {
    if (await this.#goneElsewhere(entry)) {
      this.#box.left(entry.id);
      return 'elsewhere';
    }
    const outcome = await deliver(entry, this.#way(entry.id));
    const here = this.#box.find(entry.id);
    if (here) this.#apply(here, outcome);
    return outcome.was;
  }

  /** Another tab, or the worker, has sent it or given it back meanwhile. Of a first try there can be none. */
  async #goneElsewhere({ id, late }: Entry): Promise<boolean> {
    return late && this.#kept.has(id) && (await find(id)) === undefined;
  }

  #apply(entry: Entry, outcome: Outcome): void {
    if (outcome.was === 'sent') return this.#box.accept(outcome.message);
    if (outcome.was === 'stuck') return this.#stuck(entry, outcome.stuck);
    const failure = new Failure(outcome.was === 'signed-out' ? 401 : 0);
    const foreign = outcome.was === 'again' && outcome.foreign;
    const later: Entry = { ...entry, state: 'retrying', late: true, failure, foreign };
    this.#box.put(later);
    if (entry.late) return;
    this.#keep(later);
    this.#write(() => this.#ask());
    // Nothing here would outlive the page: its writer is told to keep it open.
    this.#write(() => this.#warn(entry.id));
  }

  #warn(id: string): Promise<void> {
    const entry = this.#box.find(id);
    if (entry?.unkept) this.#box.events.unkept(entry);
    return Promise.resolve();
  }

  /** Where a browser can, it tries by itself once the connection is back, with no window open. */
  async #ask(): Promise<void> {
    const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
    const registration = await serviceWorker?.getRegistration();
    const { sync } = (registration ?? {}) as { sync?: { register: (tag: string) => Promise<void> } };
    await sync?.register(SYNC).catch(() => undefined);
  }

  #stuck(entry: Entry, stuck: Stuck): void {
    const failure = failureOf(stuck);
    const shuts = SHUTS.has(failure.slug) || stuck.held?.why === 'opted-out';
    // Whoever is there has the words again, and sees why; what was written long ago waits to be asked about.
    if (shuts && !entry.late) {
      this.#box.drop(entry);
      return this.#box.events.shut(entry, failure);
    }
    const held = stuck.held ?? (failure.slug === 'opted-out' ? { why: 'opted-out' as const } : null);
    const waits: Entry = {
      ...entry,
      stuck: { ...stuck, held },
      state: held ? 'held' : 'refused',
      held,
      failure,
    };
    this.#box.put(waits);
    this.#keep(waits);
    this.#box.events.stuck(waits);
  }

  #way(id: string): Way {
    return {
      bytes: async ({ key, blob }: Held) => blob ?? (key ? await bytesOf(key) : undefined),
      up: async (file: Held, up) => {
        file.took?.(up);
        const entry = this.#box.find(id);
        if (!entry) return;
        const files = entry.files?.map((one) => (one === file && !file.took ? { ...one, up } : one));
        const changed = { ...entry, ...(files && { files }) };
        this.#box.put(changed);
        this.#keep(changed);
      },
      post: byRequest,
    };
  }

  /** False when there is no point in waiting: `flush` starts anew. While nobody looks, the worker tries. */
  #pause(tries: number): Promise<boolean> {
    if (document.hidden || !this.#box.mayPost()) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (goOn: boolean) => {
        clearTimeout(timer);
        this.#pauses.delete(end);
        resolve(goOn);
      };
      const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)];
      const timer = setTimeout(() => end(!document.hidden), wait);
      this.#pauses.add(end);
    });
  }
}

/** By XMLHttpRequest, which tells whether it moves. */
function byRequest(url: string, data: FormData, still: number): Promise<number> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let timer = setTimeout(() => request.abort(), still);
    request.upload.onprogress = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), still);
    };
    request.onloadend = () => {
      clearTimeout(timer);
      resolve(request.status);
    };
    request.open('POST', url);
    request.send(data);
  });
}

const failureOf = ({ status, problem }: Stuck): Failure =>
  new Failure(status, problem.type === 'file-lost' ? { detail: t('outbox.fileLost') } : (problem as object));

/** A message of the store, as the window shows it. */
function entryOf(unsent: Unsent): Entry {
  const { stuck = null } = unsent;
  const held = stuck?.held ?? null;
  const state = stuck ? (held ? 'held' : 'refused') : 'sending';
  return { ...unsent, state, held, failure: stuck && failureOf(stuck), noted: false };
}

/** What is kept on the device of a message on its way; of its files what a message needs of them. */
const plain = ({
  state: _,
  held: _h,
  failure: _f,
  foreign: _o,
  unkept: _u,
  noted: _n,
  files,
  ...kept
}: Entry): Unsent => ({ ...kept, ...(files && { files: files.map(plainFile) }) });

function plainFile({ id, name, content_type, kind, size, width, height, asks, up, key }: KeptFile): KeptFile {
  return {
    id,
    name,
    content_type,
    kind,
    size,
    width,
    height,
    asks,
    ...(up && { up: { ...up } }),
    ...(key && { key }),
  };
}
