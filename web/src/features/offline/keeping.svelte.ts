// Reading without a connection: what the window shows is kept as it is read, and shown again where nobody answers.
import type { Conversation, Counts as Numbers, Me, Message } from '../../api/types';
import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import { exact, timeOfDay } from '../../app/format';
import { now } from '../../app/now.svelte';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';
import type { Live, LiveEvent } from '../../live/live.svelte';
import type { Change, Conversations } from '../conversations/conversations.svelte';
import type { Counts } from '../conversations/counts.svelte';
import type { ConversationList } from '../conversations/list.svelte';
import type { Viewer } from '../session/viewer.svelte';
import type { Thread } from '../thread/thread.svelte';
import type { Threads } from '../thread/threads.svelte';
import { kept, read } from './kept.svelte';
import {
  byUse,
  changeThread,
  dropThread,
  forgetOthers,
  keepPerson,
  keepPicture,
  personOf,
  prune,
  threadOf,
  threadsOf,
  type KeptThread,
} from './store';

const jobsPart = patient(() => import('../jobs/jobs.svelte'));

/** What has changed is written once it is quiet. */
const QUIET_MS = 1500;
/** How often it is noted that the server is still there. */
const BEAT_MS = 60_000;
/** Pictures of the newest messages of a thread that was read. */
const PICTURES = 20;
const FOLLOWED = 8;
/** So many that changed meanwhile are fetched anew at once; of the others their row stays. */
const RENEWED = 30;

interface Around {
  viewer: Viewer;
  conversations: Conversations;
  counts: Counts;
  list: ConversationList;
  threads: Threads;
  live: Live;
}

export class Keeping {
  readonly #around: Around;
  readonly #staff: string;
  readonly #ends: (() => void)[] = [];
  readonly #followed = new Map<string, () => void>();
  /** Rows, and threads, that are to be written. */
  readonly #rows = new Set<string>();
  readonly #threads = new Map<string, Thread>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** What is shown is from here, and is not written back as new. */
  #recalling = false;
  #checked = false;
  #stopped = false;

  constructor(around: Around, staff: string) {
    [this.#around, this.#staff] = [around, staff];
    const { conversations, threads, live, list } = around;
    threads.loaded = (thread) => this.#loaded(thread);
    this.#ends.push(
      conversations.listen((changes) => this.#changed(changes)),
      live.listen((batch) => this.#heard(batch)),
      $effect.root(() => {
        $effect(() => {
          if (list.state === 'failed' && list.failure?.passing && !list.query.q) void this.#recall();
        });
        $effect(() => {
          if (list.state === 'ready' && list.asOf === null && !list.stale) void this.#reached();
        });
        $effect(() => {
          if (live.state !== 'open') return;
          const beat = setInterval(() => void this.#note(), BEAT_MS);
          return () => clearInterval(beat);
        });
      }),
    );
    addEventListener('pagehide', this.#leave);
    this.#ends.push(() => removeEventListener('pagehide', this.#leave));
    void this.#begin();
  }

  readonly #leave = (): void => this.#flush();

  /** Resolves once all that was read is written. */
  async settled(): Promise<void> {
    this.#flush();
    await this.#writing;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const end of [...this.#ends, ...this.#followed.values()]) end();
    this.#around.threads.loaded = null;
  }

  async #begin(): Promise<void> {
    await forgetOthers(this.#staff);
    await kept.open(this.#staff);
    await prune(this.#staff, now.exact());
    await this.#takeJobs();
  }

  /** A technician has today's and tomorrow's jobs with them, as the server tells them, whatever page is open (row 118). */
  async #takeJobs(): Promise<void> {
    if (this.#around.viewer.me?.role !== 'technician') return;
    const { jobsOf } = await jobsPart();
    if (this.#stopped) return;
    const jobs = jobsOf(this.#around);
    this.#ends.push(jobs.follow(this.#around.live));
    // Without a line, they come with the first word from the server.
    if (this.#around.live.state === 'open') await jobs.load();
  }

  /** The list as it was, while nobody answers. */
  async #recall(): Promise<void> {
    const { conversations, counts, list } = this.#around;
    const [person, all] = [await personOf(this.#staff), await threadsOf(this.#staff)];
    if (this.#stopped || !person || all.length === 0 || list.state !== 'failed') return;
    this.#recalling = true;
    conversations.take(all.map(({ row }) => row));
    if (person.counts && !counts.known) counts.take(person.counts);
    list.recall(asOf(person.at));
    this.#recalling = false;
  }

  /** The server has answered. */
  async #reached(): Promise<void> {
    await this.#note();
    for (const { id } of this.#around.list.rows) this.#rows.add(id);
    this.#soon();
    if (this.#checked) return;
    this.#checked = true;
    await this.#check();
  }

  async #note(): Promise<void> {
    const { viewer, counts } = this.#around;
    if (!viewer.me || this.#stopped) return;
    const numbers: Numbers | null = counts.known
      ? {
          total: counts.total,
          attention: counts.attention,
          unread: counts.unread,
          internal_unread: counts.internal,
        }
      : null;
    const me = $state.snapshot(viewer.me) as Me;
    await keepPerson({ staff: this.#staff, me, counts: numbers, at: now.exact() });
  }

  /**
   * What access ended since the last contact goes now: each thread that is kept and in no list that was told. What
   * changed since then may have been deleted: it is not shown as it was.
   */
  async #check(): Promise<void> {
    const { conversations, viewer, list } = this.#around;
    const here = new Set(list.rows.map(({ id }) => id));
    let renewed = 0;
    for (const had of (await threadsOf(this.#staff)).sort(byUse)) {
      if (this.#stopped) return;
      // The office sees every thread; what is no more of them is told by the feed, and by opening it.
      const asked = !here.has(had.id) && !viewer.may('browse') ? await told(had.id) : null;
      if (asked === 'gone') {
        await dropThread(this.#staff, had.id);
        conversations.remove(had.id);
        continue;
      }
      const row = asked ?? conversations.get(had.id);
      const older = had.details && row && row.version > had.details.version;
      if (older && !this.#followed.has(had.id)) await this.#renew(had, ++renewed <= RENEWED);
    }
  }

  /** As it is now; where that is too much, its row alone. */
  async #renew({ id }: KeptThread, whole: boolean): Promise<void> {
    const fresh = whole ? await read(id).catch(() => null) : { details: null, messages: [], before: null };
    // The line is gone again: with the next contact.
    if (!fresh) return void (this.#checked = false);
    const at = now.exact();
    this.#write(() =>
      changeThread(this.#staff, id, (had) => {
        if (!had?.details) return null;
        if (!fresh.details) return { ...had, ...fresh };
        // What the feed has told meanwhile is newer.
        const later = (one: Message) =>
          had.messages.find((old) => old.id === one.id && old.version > one.version);
        const newest = fresh.messages.at(-1)?.seq ?? 0;
        const messages = [
          ...fresh.messages.map((one) => later(one) ?? one),
          ...had.messages.filter(({ seq }) => seq > newest),
        ];
        return { ...had, ...fresh, row: fresh.details, messages, at };
      }),
    );
  }

  #changed(changes: Change[]): void {
    if (this.#recalling) return;
    for (const { id, row } of changes) {
      if (row) this.#rows.add(id);
      else this.#drop(id);
    }
    this.#soon();
  }

  #drop(id: string): void {
    this.#rows.delete(id);
    this.#threads.delete(id);
    this.#write(() => dropThread(this.#staff, id));
  }

  /** A thread was loaded, or could not be. */
  #loaded(thread: Thread): void {
    const { state, failure } = thread;
    if (state === 'gone') return this.#drop(thread.id);
    if (state === 'failed' && (failure?.passing || failure?.status === 404)) void this.#fill(thread);
    if (state !== 'ready') return;
    this.#follow(thread);
    // Read at a glance, it is read: nobody need stay for it to be kept.
    if (thread.asOf === null) this.#threads.set(thread.id, thread);
    this.#flush();
  }

  /** As it was when it was last read. */
  async #fill(thread: Thread): Promise<void> {
    const had = await threadOf(this.#staff, thread.id);
    if (!had?.details || thread.state !== 'failed' || this.#stopped) return;
    if (!this.#around.conversations.get(thread.id)) {
      this.#recalling = true;
      this.#around.conversations.take([had.row]);
      this.#recalling = false;
    }
    thread.details = had.details;
    thread.before = had.before;
    thread.messages = had.messages;
    thread.asOf = asOf(had.at);
    thread.state = 'ready';
  }

  /** What is read of it, older pages too, is kept as it is. */
  #follow(thread: Thread): void {
    this.#followed.get(thread.id)?.();
    const end = $effect.root(() => {
      $effect(() => {
        void thread.messages;
        void thread.details;
        if (thread.state === 'gone') this.#drop(thread.id);
        else if (thread.state === 'ready' && thread.asOf === null && !thread.detached) {
          this.#threads.set(thread.id, thread);
          this.#soon();
        }
      });
    });
    this.#followed.delete(thread.id);
    this.#followed.set(thread.id, end);
    for (const [id, unfollow] of this.#followed) {
      if (this.#followed.size <= FOLLOWED) break;
      unfollow();
      this.#followed.delete(id);
    }
  }

  /** What comes to a thread that is kept and not open here, a tombstone as well. */
  #heard(batch: LiveEvent[]): void {
    for (const event of batch) {
      if (event.type === 'reload') void this.#missed();
      if (event.type !== 'message.created' && event.type !== 'message.updated') continue;
      const { message } = event.data;
      const { conversation_id: id } = message;
      if (this.#followed.has(id)) continue;
      this.#write(async () => {
        await changeThread(this.#staff, id, (had) => {
          if (!had?.details) return null;
          const others = had.messages.filter((one) => one.id !== message.id);
          const older = had.messages.find((one) => one.id === message.id);
          if (older && older.version >= message.version) return null;
          // A hole would be shown as none: what lies between is fetched when it is opened.
          if (!older && message.seq > (others.at(-1)?.seq ?? 0) + 1) return null;
          const messages = [...others, message].sort((a, b) => a.seq - b.seq);
          return { ...had, messages };
        });
      });
    }
  }

  /** Too much has come to be told: once the list is anew, what is kept is looked at as at a start. */
  async #missed(): Promise<void> {
    // After the window's own listeners: of two questions for the list, the later one is answered.
    await Promise.resolve();
    await this.#around.list.reload();
    this.#checked = false;
    if (this.#around.list.state === 'ready' && !this.#around.list.stale) await this.#reached();
  }

  #soon(): void {
    if (this.#stopped) return;
    this.#timer ??= setTimeout(() => this.#flush(), QUIET_MS);
  }

  #write(act: () => Promise<unknown>): void {
    const quietly = async () => void (await act());
    this.#writing = this.#writing.then(quietly, quietly);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rows = [...this.#rows];
    const threads = [...this.#threads.values()];
    this.#rows.clear();
    this.#threads.clear();
    this.#write(async () => {
      // What was read before what is only listed.
      for (const thread of threads) await this.#keepThread(thread);
      for (const id of rows) await this.#keepRow(id);
    });
  }

  async #keepRow(id: string): Promise<void> {
    const row = this.#around.conversations.get(id);
    if (!row || this.#stopped) return;
    const at = now.exact();
    const none = { details: null, messages: [], before: null, read: 0, job: null };
    await changeThread(this.#staff, id, (had) => ({ ...none, ...had, staff: this.#staff, id, row, at }));
  }

  async #keepThread({ id, details, messages, before }: Thread): Promise<void> {
    const row = this.#around.conversations.get(id) ?? details;
    if (!row || !details || this.#stopped) return;
    const at = now.exact();
    const read = { staff: this.#staff, id, row, details, messages, before, at, read: at };
    await changeThread(this.#staff, id, (had) => ({ job: null, ...had, ...read }));
    const pictures = messages.slice(-PICTURES).flatMap(({ media }) => media);
    for (const { kind, url } of pictures)
      if (kind === 'photo' && url) await keepPicture(this.#staff, id, url);
  }
}

/** "Offline – as of 14:02"; with its day where that was another. */
function asOf(at: number): string {
  const iso = new Date(at).toISOString();
  const time =
    new Date(at).toDateString() === new Date(now.exact()).toDateString() ? timeOfDay(iso) : exact(iso);
  return t('live.asOf', { time });
}

/** Null without an answer. */
async function told(id: string): Promise<Conversation | 'gone' | null> {
  try {
    return await answer(api.GET('/api/conversations/{id}', { params: { path: { id } } }));
  } catch (cause) {
    return Failure.from(cause).gone ? 'gone' : null;
  }
}
