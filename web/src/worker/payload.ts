// What a push says. It comes from the network by way of somebody else's server, and may be of an older or newer server of
// ours: nothing in it is taken for granted.

/** What of a push is shown, and where it leads. */
export interface Told {
  title: string;
  body: string;
  /** Whose it is, by the id of a member of staff; null where it does not say. */
  person: string | null;
  conversation: string | null;
  message: string | null;
  kind: 'message' | 'internal' | 'test' | 'escalation' | 'mention';
  /** How much is unread, by the server's count; null where it does not say. */
  badge: number | null;
  /** What is unread of the thread is counted for its reader: none left means that this was read. */
  counted: boolean;
}

/** Our own fields of a push, beside what is shown. */
type About = Pick<Told, 'person' | 'conversation' | 'message' | 'kind' | 'counted'>;

type Fields = Record<string, unknown>;

const KINDS: readonly string[] = ['message', 'internal', 'test', 'escalation', 'mention'];
/** Of a ULID, and of nothing that could lead elsewhere. */
const ID = /^[0-9A-Za-z_-]{1,64}$/;
const IN_ADDRESS =
  /\/conversations\/([0-9A-Za-z_-]{1,64})(?:\/messages\/|\?message=)?([0-9A-Za-z_-]{1,64})?$/;

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const words = (value: unknown): string => (typeof value === 'string' ? value.trim().slice(0, 400) : '');
const id = (value: unknown): string | null => (typeof value === 'string' && ID.test(value) ? value : null);
const count = (value: unknown): number | null =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null;

/** A declarative push (`"web_push": 8030`) with our own fields beside it; null where it cannot be read. */
export function readPush(text: string): Told | null {
  try {
    const push = fields(JSON.parse(text));
    const notification = fields(push['notification']);
    return toldOf(
      notification,
      push['porchlight'] ?? fields(notification['data'])['porchlight'],
      push['app_badge'],
    );
  } catch {
    return null;
  }
}

/** The same of what a browser has read already: it hands over the notification that it would show. */
export function readNotification(notification: Fields, badge: unknown): Told | null {
  return toldOf(notification, fields(notification['data'])['porchlight'], badge);
}

/** What our fields say, whoever wrote them. */
export function readAbout(ours: unknown): About {
  const { person, conversation, message, kind, counted } = fields(ours);
  return {
    person: id(person),
    conversation: id(conversation),
    message: id(message),
    kind: KINDS.includes(String(kind)) ? (kind as Told['kind']) : 'message',
    counted: counted !== false,
  };
}

function toldOf(notification: Fields, ours: unknown, badge: unknown): Told | null {
  const title = words(notification['title']);
  if (title === '') return null;
  const about = readAbout(ours);
  const [, inAddress, messageInAddress] = IN_ADDRESS.exec(words(notification['navigate'])) ?? [];
  return {
    title,
    body: words(notification['body']),
    ...about,
    conversation: about.conversation ?? id(inAddress),
    message: about.message ?? id(messageInAddress),
    badge: count(badge),
  };
}
