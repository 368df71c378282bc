// Pushes, from their coming to the window that shows what they told of.
import { claim, knownDevice, knownPerson, setDevice } from './known';
import { decide, mustShow, tagOf, type Kept, type Notice } from './notice';
import type { Told } from './payload';
import { keptOf, sweep } from './sweep';

/** A window of the app, as the worker sees it. */
export interface Pane {
  readonly url: string;
  readonly focused: boolean;
  readonly visibilityState: DocumentVisibilityState;
  focus(): Promise<unknown>;
  navigate(url: string): Promise<unknown>;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** What the browser gives the worker. */
export interface Surroundings {
  registration: Pick<ServiceWorkerRegistration, 'showNotification' | 'getNotifications' | 'pushManager'>;
  panes: () => Promise<readonly Pane[]>;
  open: (url: string) => Promise<unknown>;
  fetch: typeof fetch;
  userAgent: string;
  /** The number on the icon; absent where there is none. */
  badge?: ((count: number) => Promise<void>) | undefined;
}

/** A window that does not answer for so long is another build, or has stopped working. */
const ANSWER_MS = 5_000;

export class Pushes {
  readonly #around: Surroundings;
  #telling: Promise<void> = Promise.resolve();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Shows what came, then clears away what is over by now; one after the other. */
  tell(told: Told | null): Promise<void> {
    const before = this.#telling.catch(() => undefined);
    return (this.#telling = before.then(() => this.#tell(told)));
  }

  async #tell(told: Told | null): Promise<void> {
    const person = await knownPerson();
    const panes = await this.#around.panes();
    const notice = decide(told, {
      person,
      fresh: await isFresh(told, person),
      looking: panes.some((pane) => pane.focused && shows(pane, told?.conversation ?? null)),
      shown: await this.#shown(told),
      must: mustShow(this.#around.userAgent),
    });
    if (notice) await this.#show(notice);
    if (told && told.person === person) await this.#count(told, panes);
    const all = await this.#around.registration.getNotifications();
    await sweep(all, person, this.#around.fetch, told?.conversation ?? null);
  }

  /** The window that is there, at what it was about; a new one only where there is none. */
  async press(kept: Kept | null): Promise<void> {
    const path = await this.#pathOf(kept);
    const panes = await this.#around.panes();
    const pane = panes.find((one) => shows(one, kept?.conversation ?? null)) ?? foremost(panes);
    if (!pane) return void (await this.#around.open(path ?? '/'));
    // Before anything else: the browser allows it for this press only.
    const focused = pane.focus().catch(() => undefined);
    const answered = path === null || (await asked(pane, path));
    await focused;
    // What is written in it is kept as it is typed.
    if (!answered) await pane.navigate(path).catch(() => this.#around.open(path));
  }

  /** The push service has ended a subscription, or given another: the server is told where to push to from now on. */
  async changed(old: PushSubscription | null, given: PushSubscription | null): Promise<void> {
    const device = await knownDevice();
    const key = old?.options.applicationServerKey;
    const { pushManager } = this.#around.registration;
    const fresh =
      given ??
      (key ? await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }) : null);
    if (!device || !fresh) return;
    const answer = await this.#around.fetch('/api/devices', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'webpush', id: device.id, subscription: fresh.toJSON() }),
    });
    // Without an answer the next window tells it: what it finds is not what is known.
    if (answer.ok) await setDevice({ ...device, endpoint: fresh.endpoint });
  }

  async #shown(told: Told | null): Promise<Kept | null> {
    if (!told?.conversation) return null;
    const [shown] = await this.#around.registration.getNotifications({ tag: tagOf(told.conversation) });
    return shown ? keptOf(shown) : null;
  }

  /** What was shown to one person leads another nowhere. */
  async #pathOf(kept: Kept | null): Promise<string | null> {
    if (!kept) return '/conversations';
    return kept.person === null || kept.person === (await knownPerson()) ? kept.path : null;
  }

  async #show({ title, options }: Notice): Promise<void> {
    await this.#around.registration.showNotification(title, options);
  }

  /** A window that somebody sees has a number of its own, and a later one. */
  async #count({ badge }: Told, panes: readonly Pane[]): Promise<void> {
    if (badge === null || panes.some(({ visibilityState }) => visibilityState === 'visible')) return;
    await this.#around.badge?.(badge).catch(() => undefined);
  }
}

/** Who does not see it has not been told of it: then it stays theirs to be told of. */
async function isFresh(told: Told | null, person: string | null): Promise<boolean> {
  if (!told?.message || told.kind === 'test' || told.person !== person) return true;
  // A step of the ladder is news about a message that was told of.
  const id = told.kind === 'escalation' ? `${told.message}/escalation` : told.message;
  return (await claim([id])).length > 0;
}

const shows = ({ url }: Pane, conversation: string | null): boolean =>
  conversation !== null && new URL(url).pathname.split('/')[2] === conversation;

const foremost = (panes: readonly Pane[]): Pane | undefined =>
  panes.find(({ focused }) => focused) ??
  panes.find(({ visibilityState }) => visibilityState === 'visible') ??
  panes[0];

/** Has the window go there by itself; false where it does not answer. */
function asked(pane: Pane, path: string): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  return new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), ANSWER_MS);
    port1.onmessage = () => {
      clearTimeout(timer);
      resolve(true);
    };
    pane.postMessage({ type: 'open', path }, [port2]);
  }).finally(() => port1.close());
}
