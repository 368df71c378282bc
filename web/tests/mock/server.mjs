// The contract of the back end, small enough to read: REST and live events over one business in memory. For
// developing and for the tests of the stores; the whole system is tested against the real one.
//
//   node tests/mock/server.mjs [--port 7899] [--conversations N] [--messages N] [--hostile] [--dist]
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Files, checkUpload, openUpload } from './files.mjs';
import { PHOTO } from './photo.mjs';
import { lastOf, ulid, World } from './world.mjs';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html service-worker";
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain',
};
const iso = () => new Date().toISOString();

/** Starts a server on a free port, held to a document (contract.mjs) if wished. `faults` may be changed while it runs. */
export async function startMock(options = {}) {
  const mock = new Mock(new World(options), options);
  const server = createServer((request, response) => void mock.handle(request, response));
  await new Promise((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  mock.url = `http://127.0.0.1:${server.address().port}`;
  mock.stop = () =>
    new Promise((resolve) => (mock.hangUp(), server.closeAllConnections(), server.close(resolve)));
  return mock;
}

class Mock {
  /** What goes wrong: `lost` answers (done, but the line breaks), `down` (503), `reload` on the next connection. */
  faults = { lost: 0, down: 0, signedOut: false, slow: 0 };
  url = '';
  /** Always open, so that the colours in pictures and tests do not depend on the hour. */
  hours = {
    time_zone: 'America/New_York',
    week: Object.fromEntries(
      ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
        day,
        [{ opens: '00:00', closes: '24:00' }],
      ]),
    ),
  };
  stop = () => Promise.resolve();
  /** Whose window it is, without a sign-in. */
  signedInAs = 'ana@harbor.example';
  /**
   * How much of the tray a page has at most.
   * @type {number | null}
   */
  trayPage = null;
  /** What was brought up. */
  /** The business's quick replies. */
  quick = { quick_replies: [], version: 0 };
  /**
   * Today's work.
   * @type {{ today: string, time_zone: string, jobs: object[], more: boolean }}
   */
  workday = { today: '2026-11-20', time_zone: 'America/New_York', jobs: [], more: false };
  /**
   * What Ana wants to be woken for.
   * @type {{ quiet: object | null, on_call: boolean, office: string, texts: { allowed: boolean, stopped_at: string | null, said_stop: boolean, start_to: string | null, number: string | null } }}
   */
  wakes = {
    quiet: null,
    on_call: false,
    office: 'mine',
    texts: { allowed: false, stopped_at: null, said_stop: false, start_to: null, number: null },
  };
  /** What happens when nobody on the job opens a message. */
  ladder = { enabled: false, text_after_minutes: 10, alert_after_minutes: 10 };
  files = new Files();
  /** What was asked, in order. */
  requests = [];
  sessions = new Map();
  events = [];
  streams = new Set();

  /** Where this differs from the API document. */
  drift = [];

  constructor(world, { signedIn = false, dist = false, held = null } = {}) {
    this.world = world;
    this.signedIn = signedIn;
    this.dist = dist;
    this.held = held;
  }

  async handle(request, response) {
    const url = new URL(request.url, 'http://mock');
    if (url.pathname.startsWith('/uploads/')) return this.files.keep(this, request, url.pathname, response);
    if (!url.pathname.startsWith('/api/')) return this.#file(url.pathname, response);
    if (this.held) this.#hold(request.method, url.pathname, response);
    let body = '';
    for await (const chunk of request) body += chunk;
    this.requests.push({
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: body ? JSON.parse(body) : null,
    });
    if (this.faults.slow > 0) await new Promise((resolve) => setTimeout(resolve, this.faults.slow));
    if (this.faults.down > 0 && this.faults.down--)
      return problem(response, 503, 'unavailable', 'Try again shortly');
    const session = /porchlight=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
    const email = this.signedIn ? this.signedInAs : this.sessions.get(session);
    const route = ROUTES.find(({ method, path }) => method === request.method && path.test(url.pathname));
    if (!route) return problem(response, 404, 'not-found', 'Not found');
    if (!route.open && (!email || this.faults.signedOut))
      return problem(response, 401, 'unauthenticated', 'Sign in first');
    const call = {
      me: email ? this.world.me(email) : null,
      email,
      url,
      body: body ? JSON.parse(body) : {},
      request,
      response,
      parts: route.path.exec(url.pathname).slice(1),
    };
    const answer = route.run(this, call);
    if (answer === undefined || response.writableEnded || response.headersSent) return;
    if (this.faults.lost > 0 && request.method !== 'GET' && this.faults.lost--) return response.destroy();
    json(response, route.status ?? 200, answer);
  }

  /** Notes where this answer differs from the document. */
  #hold(method, path, response) {
    const end = response.end.bind(response);
    response.end = (text) => {
      const type = String(response.getHeader('content-type') ?? '');
      const body = text && type.includes('json') ? JSON.parse(text) : undefined;
      this.drift.push(...this.held.answerFaults(method, path, response.statusCode, type, body));
      return end(text);
    };
  }

  #file(path, response) {
    if (!this.dist) return problem(response, 404, 'not-found', 'Not found');
    const folder = fileURLToPath(new URL('../../dist', import.meta.url));
    const file = join(folder, extname(path) ? path : 'index.html');
    if (!existsSync(file)) return problem(response, 404, 'not-found', 'Not found');
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': CSP,
      'x-content-type-options': 'nosniff',
      'cache-control': path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
    });
    createReadStream(file).pipe(response);
  }

  row(id, response) {
    const row = this.world.rows.get(id);
    if (!row) problem(response, 404, 'not-found', 'Not found');
    return row;
  }

  counts() {
    const rows = [...this.world.rows.values()];
    return {
      total: rows.length,
      attention: rows.filter((row) => row.attention && row.state === 'open').length,
      unread: rows.reduce((sum, row) => sum + row.unread, 0),
      internal_unread: 0,
    };
  }

  change(row, patch) {
    Object.assign(row, patch);
    row.version++;
    this.emit('conversation.updated', (me) => ({ conversation: this.world.seen(row, me) }));
    return row;
  }

  /** A text from a customer, as the webhook would commit it. */
  receive(contactOrId, text) {
    const row = [...this.world.rows.values()].find(
      (one) => one.id === contactOrId || one.contact === contactOrId,
    );
    const at = iso();
    return this.append(
      row,
      { direction: 'in', kind: 'customer', text, status: 'received', author: null, created_at: at },
      {
        unread: row.unread + 1,
        attention: true,
        attention_reason: row.attention_reason ?? 'customer',
        waiting_since: row.waiting_since ?? at,
        state: 'open',
      },
    );
  }

  append(row, fields, patch = {}) {
    const timeline = this.world.timelines.get(row.id);
    const message = {
      id: ulid(),
      conversation_id: row.id,
      status: fields.direction === 'in' ? 'received' : 'sent',
      seq: row.seq + 1,
      version: 1,
      error: null,
      contact: row.contact,
      line: '+12075550142',
      job_id: null,
      sent_at: null,
      delivered_at: null,
      media: [],
      segments: fields.direction === 'out' ? 1 : null,
      purpose: null,
      consent_id: null,
      resend_of: null,
      resent_to: null,
      others: [],
      price: null,
      unknown_since: null,
      dismissed_at: null,
      reactions: [],
      crew: false,
      mentions: [],
      schedule: null,
      deleted_at: null,
      created_at: iso(),
      ...fields,
    };
    timeline.push(message);
    Object.assign(row, patch, {
      seq: message.seq,
      last_message: lastOf(timeline),
      last_activity_at: message.created_at,
      version: row.version + 1,
    });
    this.#told('message.created', message, row);
    return message;
  }

  /** Moves a message on: `sent`, `delivered`, `failed` … */
  deliver(message, status, more = {}) {
    Object.assign(message, {
      status,
      version: message.version + 1,
      ...(status === 'sent' && { sent_at: iso() }),
      ...(status === 'delivered' && { delivered_at: iso() }),
      ...more,
    });
    const row = this.world.rows.get(message.conversation_id);
    Object.assign(row, { last_message: lastOf(this.world.timelines.get(row.id)), version: row.version + 1 });
    this.#told('message.updated', message, row);
  }

  #told(type, message, row) {
    const [said, stood] = [{ ...message }, { ...row }];
    this.emit(type, (me) => ({ message: said, conversation: this.world.seen(stood, me) }));
  }

  /** `data`: the same for all, or as each is shown it. */
  emit(type, data) {
    const event = { id: ulid(), type, data: typeof data === 'function' ? data : () => data };
    this.events.push(event);
    for (const stream of this.streams) this.#tell(stream, event);
    for (const stream of this.streams) this.#tell(stream, { type: 'counts', data: () => this.counts() });
  }

  #tell(stream, { id, type, data }) {
    const shown = data(stream.me);
    if (this.held) this.drift.push(...this.held.eventFaults(type, shown));
    stream.write(`${id ? `id: ${id}\n` : ''}event: ${type}\ndata: ${JSON.stringify(shown)}\n\n`);
  }

  /** Cuts every live connection, as a deploy or a lost network does. */
  hangUp() {
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
  }

  live({ url, request, response, me }) {
    response.me = me;
    const cursor = url.searchParams.get('cursor') ?? request.headers['last-event-id'];
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#tell(response, {
      type: 'ready',
      data: () => ({ cursor: this.events.at(-1)?.id ?? ulid(), server_time: iso() }),
    });
    if (cursor === 'gap') this.#tell(response, { type: 'reload', data: () => ({ reason: 'gap' }) });
    else for (const event of this.events) if (cursor && event.id >= cursor) this.#tell(response, event);
    this.streams.add(response);
    const beat = setInterval(() => response.write(': beat\n\n'), 15_000);
    response.on('close', () => (clearInterval(beat), this.streams.delete(response)));
  }
}

function answer(response, status, type, body) {
  response.statusCode = status;
  response.setHeader('cache-control', 'no-store');
  if (status === 204) return response.end();
  response.setHeader('content-type', type);
  response.end(body);
}

const json = (response, status, body) => answer(response, status, 'application/json', JSON.stringify(body));

export function problem(response, status, kind, title, facts = {}) {
  const body = { type: `urn:porchlight:problem:${kind}`, title, status, ...facts };
  answer(response, status, 'application/problem+json', JSON.stringify(body));
}

const FOLDERS = {
  all: () => true,
  active: (row) => row.state === 'open',
  attention: (row) => row.state === 'open' && row.attention,
  leads: (row) =>
    row.state === 'open' && (row.customer === null || (row.lead && row.lead.stage !== 'closed' && !row.job)),
  archived: (row) => row.state === 'closed',
};

function list(mock, { url, me }) {
  const ask = (name, otherwise) => url.searchParams.get(name) ?? otherwise;
  const terms = ask('q', '').toLowerCase().split(/\s+/).filter(Boolean);
  const assigned = ask('assigned', '');
  const text = (row) =>
    `${row.name} ${row.contact} ${mock.world.timelines
      .get(row.id)
      .slice(-200)
      .map((message) => message.text)
      .join(' ')}`.toLowerCase();
  const rows = [...mock.world.rows.values()]
    .filter((row) => terms.length > 0 || FOLDERS[ask('filter', 'all')](row))
    .filter(
      (row) =>
        !assigned ||
        (assigned === 'none' ? !row.assignee : row.assignee?.id === (assigned === 'me' ? me.id : assigned)),
    )
    .filter((row) => terms.every((term) => text(row).includes(term)))
    .sort((a, b) => (a.last_activity_at < b.last_activity_at ? 1 : -1));
  if (ask('sort') === 'waiting')
    rows.sort(
      (a, b) =>
        Number(b.attention) - Number(a.attention) ||
        Number(b.emergency) - Number(a.emergency) ||
        ((a.waiting_since ?? '') < (b.waiting_since ?? '') ? -1 : 1),
    );
  const from = Number(ask('cursor', 0));
  const to = from + Math.min(200, Number(ask('limit', 50)));
  return {
    conversations: rows.slice(from, to).map((row) => mock.world.seen(row, me)),
    next_cursor: to < rows.length ? String(to) : null,
    counts: mock.counts(),
    matches: [],
    more: false,
    suggestion: null,
    suggestion_found: null,
  };
}

function messages(mock, { url, parts: [id], response }) {
  if (!mock.row(id, response)) return undefined;
  const timeline = mock.world.timelines.get(id);
  const asked = (name) => url.searchParams.get(name);
  const limit = Math.min(200, Number(asked('limit') ?? 50));
  const target = targetOf(timeline, asked('around'), asked('at'));
  if (target === undefined) return problem(response, 404, 'not-found', 'Not Found');
  const newest = timeline.at(-1)?.seq ?? 0;
  const after =
    asked('after') === null ? target && target + Math.floor(limit / 2) - limit : Number(asked('after'));
  const older = timeline.filter(({ seq }) => seq < Number(asked('before') ?? Infinity));
  const page =
    after === null ? older.slice(-limit) : timeline.filter(({ seq }) => seq > after).slice(0, limit);
  const [first, last] = [page[0]?.seq ?? 1, page.at(-1)?.seq ?? newest];
  return {
    messages: page.map((message) => ({ ...message })),
    next_before: first > 1 ? first : null,
    next_after: after !== null && last < newest ? last : null,
    target_seq: target,
  };
}

/** The place that is asked for; null where none is, or none is there; undefined for what is no message of it. */
function targetOf(timeline, around, at) {
  if (around !== null) return timeline.find(({ id, seq }) => id === around || `${seq}` === around)?.seq;
  return (at && timeline.find(({ created_at }) => created_at >= at)?.seq) || null;
}

/** As the server cuts words, near enough: each word as the beginning of one. */
function search(mock, { url, parts: [id], response }) {
  if (!mock.row(id, response)) return undefined;
  const words = url.searchParams.get('q').toLowerCase().split(/\W+/).filter(Boolean);
  const said = ({ text }) =>
    words.every((word) =>
      text
        .toLowerCase()
        .split(/\W+/)
        .some((one) => one.startsWith(word)),
    );
  const found = words.length > 0 ? mock.world.timelines.get(id).filter(said).reverse() : [];
  return { hits: found.map(({ id, seq }) => ({ id, seq })), total: found.length, next_before: null };
}

function send(mock, { parts: [id], body, me, response }) {
  const row = mock.row(id, response);
  if (!row) return undefined;
  const timeline = mock.world.timelines.get(id);
  const same = timeline.find((message) => message.id === body.id);
  if (same)
    return same.text === body.text
      ? { ...same }
      : problem(response, 422, 'id-used-before', 'Cannot be done as asked');
  if (row.consent === 'closed')
    return problem(response, 409, 'opted-out', 'They opted out', { detail: 'They texted STOP.' });
  const newer = timeline.findLast(
    (message) => message.seq > body.seen_seq && message.kind === 'staff' && message.author.id !== me.id,
  );
  if (newer && !body.force)
    return problem(response, 409, 'stale-send', 'A colleague replied', {
      who: newer.author,
      when: newer.created_at,
      seq: newer.seq,
    });
  const asked = mock.files.asked(body);
  if (asked) return problem(response, ...asked);
  const author = { id: me.id, name: me.name };
  const answered = {
    unread: 0,
    marked_unread: false,
    attention: false,
    attention_reason: null,
    attention_advice: null,
    emergency: false,
    waiting_since: null,
    state: 'open',
  };
  const message = mock.append(
    row,
    {
      id: body.id,
      direction: 'out',
      kind: 'staff',
      text: body.text,
      status: 'queued',
      author,
      purpose: 'reply',
      consent_id: null,
      resend_of: body.resend_of ?? null,
      media: mock.files.mediaOf(body.attachments ?? []),
    },
    answered,
  );
  const draft = mock.world.drafts.get(`${me.id}/${id}`);
  if (draft && body.text.includes(draft.text.trim())) mock.world.drafts.delete(`${me.id}/${id}`);
  if (mock.delivers !== false)
    for (const [status, ms] of [
      ['sending', 150],
      ['sent', 500],
      ['delivered', 1200],
    ])
      setTimeout(() => mock.deliver(message, status), ms).unref();
  return { ...message };
}

const ACTS = {
  read: () => ({ unread: 0, marked_unread: false }),
  unread: (row) => ({ unread: Math.max(1, row.unread), marked_unread: true }),
  done: () => ({
    attention: false,
    attention_reason: null,
    emergency: false,
    waiting_since: null,
    settled_hint: false,
  }),
  attention: (row) => ({
    attention: true,
    attention_reason: row.attention_reason ?? 'raised',
    waiting_since: row.waiting_since ?? iso(),
  }),
  close: () => ({ state: 'closed', attention: false, attention_reason: null, waiting_since: null }),
  reopen: () => ({ state: 'open' }),
};

const ID = '/api/conversations/([0-9a-f]{32})';
/** A person's own, told to their windows only as what their rows say. */
function keepDraft(mock, { parts: [id], body: { text, replaces, kind }, me, response }) {
  const key = `${me.id}/${id}${kind === 'note' ? '/note' : ''}`;
  const had = mock.world.drafts.get(key)?.text ?? '';
  if (had && replaces !== undefined && replaces !== had && text !== had)
    return problem(response, 409, 'draft-changed', 'Other words are kept by now');
  const draft = { text, updated_at: iso() };
  if (text) mock.world.drafts.set(key, draft);
  else mock.world.drafts.delete(key);
  const row = mock.world.rows.get(id);
  mock.emit('conversation.updated', (viewer) => ({ conversation: mock.world.seen(row, viewer) }));
  return draft;
}

/** A note for colleagues: it changes nothing of the customer's matter. */
function note(mock, { parts: [id], body, me, response }) {
  const row = mock.row(id, response);
  if (!row) return undefined;
  const mentions = (body.mentions ?? []).map(
    (who) => me.staff.find((one) => one.id === who) ?? { id: who, name: '' },
  );
  const named = mentions.map(({ id, name }) => ({ id, name }));
  const author = { id: me.id, name: me.name };
  const facts = { id: body.id, direction: 'out', kind: 'note', text: body.text, status: 'received', author };
  const message = mock.append(
    row,
    { ...facts, crew: body.crew ?? false, mentions: named, segments: null },
    {},
  );
  mock.world.drafts.delete(`${me.id}/${id}/note`);
  return { ...message };
}

// Whoever is of the office sees everything; nobody's phone is known here.
const audience = (_, { me }) => ({
  office: { people: me.staff.filter(({ role }) => role !== 'technician').length || 1, woken: 0 },
  people: me.staff.map(({ id, name }) => ({ id, name, office: false, sees_part: false, push: 'no_device' })),
});
const readers = (_, { me }) => ({ readers: me.staff.map(({ id, name }) => ({ id, name, reads: 'all' })) });

const ROUTES = [
  { method: 'POST', path: /^\/api\/session$/, open: true, run: signIn },
  { method: 'DELETE', path: /^\/api\/session$/, status: 204, open: true, run: (mock) => (mock.sessions.clear(), {}) },
  { method: 'GET', path: /^\/api\/me$/, run: (_, { me }) => me },
  { method: 'GET', path: /^\/api\/live$/, run: (mock, call) => mock.live(call) },
  { method: 'GET', path: /^\/api\/conversations$/, run: list },
  { method: 'GET', path: new RegExp(`^${ID}$`), run: details },
  { method: 'GET', path: new RegExp(`^${ID}/messages$`), run: messages },
  { method: 'GET', path: new RegExp(`^${ID}/search$`), run: search },
  { method: 'POST', path: new RegExp(`^${ID}/messages$`), status: 202, run: send },
  { method: 'POST', path: new RegExp(`^${ID}/notes$`), status: 201, run: note },
  { method: 'GET', path: new RegExp(`^${ID}/readers$`), run: readers },
  { method: 'GET', path: new RegExp(`^${ID}/audience$`), run: audience },
  { method: 'POST', path: new RegExp(`^${ID}/presence$`), status: 204, run: () => ({}) },
  { method: 'PUT', path: new RegExp(`^${ID}/draft$`), run: keepDraft },
  { method: 'DELETE', path: new RegExp(`^${ID}/draft$`), status: 204, run: (mock, call) => keepDraft(mock, { ...call, body: { text: '' } }) && {} },
  { method: 'PUT', path: new RegExp(`^${ID}/assignee$`), run: assign },
  { method: 'GET', path: new RegExp(`^${ID}/numbers$`), run: () => ({ numbers: [] }) },
  { method: 'POST', path: new RegExp(`^${ID}/(read|unread|done|attention|close|reopen)$`), run: act },
  { method: 'POST', path: /^\/api\/messages\/(\w+)\/dismiss$/, run: dismiss },
  { method: 'POST', path: /^\/api\/uploads$/, status: 201, run: openUpload },
  { method: 'POST', path: /^\/api\/uploads\/(\w+)\/check$/, run: checkUpload },
  { method: 'GET', path: /^\/api\/media\/([\w-]+)/, run: photo },
  { method: 'GET', path: /^\/api\/settings\/hours$/, run: (mock) => mock.hours },
  { method: 'GET', path: /^\/api\/jobs$/, run: (mock) => mock.workday },
  { method: 'POST', path: /^\/api\/jobs\/(\w+)\/facts$/, run: keepFact },
  { method: 'DELETE', path: /^\/api\/jobs\/(\w+)\/facts\/(\w+)$/, run: forgetFact },
  { method: 'GET', path: /^\/api\/quick-replies$/, run: (mock) => mock.quick },
  { method: 'PUT', path: /^\/api\/quick-replies$/, run: putQuick },
  { method: 'GET', path: /^\/api\/devices$/, run: (mock) => ({ devices: [], texts: mock.wakes.texts }) },
  { method: 'GET', path: /^\/api\/settings\/push$/, run: (mock) => mock.wakes },
  { method: 'PUT', path: /^\/api\/settings\/push$/, run: putWakes },
  { method: 'GET', path: /^\/api\/settings\/push-ladder$/, run: (mock) => mock.ladder },
  { method: 'PUT', path: /^\/api\/settings\/push-ladder$/, run: putLadder },
  { method: 'GET', path: /^\/api\/quarantine$/, run: tray },
  { method: 'POST', path: /^\/api\/quarantine\/([^/]+)\/replay$/, run: replay },
]; // prettier-ignore

/** Consent is one's own to give, and only a START takes a STOP back. */
function putWakes(mock, { body: { texts: allowed, ...wants }, response }) {
  const { texts } = mock.wakes;
  if (allowed && texts.number === null)
    return problem(response, 409, 'no-number', 'There is no phone of yours');
  if (allowed && texts.stopped_at) return problem(response, 409, 'opted-out', 'You texted STOP');
  mock.wakes = {
    ...mock.wakes,
    ...wants,
    texts: { ...texts, ...(typeof allowed === 'boolean' && { allowed }) },
  };
  return mock.wakes;
}

function putLadder(mock, { me, body, response }) {
  if (me.role !== 'admin') return problem(response, 403, 'forbidden', 'Not yours to say');
  return (mock.ladder = body);
}

function putQuick(mock, { body: { quick_replies, version }, response }) {
  if (version !== mock.quick.version)
    return problem(response, 409, 'changed-meanwhile', 'Others are kept by now');
  mock.quick = { quick_replies, version: version + 1 };
  return mock.quick;
}

function signIn(mock, { body, response }) {
  if (body.password !== 'porchlight-on')
    return problem(response, 401, 'wrong-password', 'That email and password do not match');
  const token = ulid();
  mock.sessions.set(token, body.email);
  mock.faults.signedOut = false;
  response.setHeader('set-cookie', `porchlight=${token}; Path=/; HttpOnly; SameSite=Lax`);
  return { me: mock.world.me(body.email) };
}

function details(mock, { parts: [id], me, response }) {
  const row = mock.row(id, response);
  if (!row) return undefined;
  const allowed = row.consent === 'open' && !row.cannot_text;
  const unread = mock.world.timelines
    .get(id)
    .filter(({ direction }) => direction === 'in')
    .slice(-row.unread);
  return {
    ...mock.world.seen(row, me), ...mock.world.details.get(id), line: '+12075550142', members: [], participants: [], cost: [], block: null,
    can_send: { allowed, reason: allowed ? null : row.cannot_text ? 'cannot_text' : 'opted_out', detail: null },
    first_unread_seq: row.unread > 0 ? (unread[0]?.seq ?? null) : null,
  }; // prettier-ignore
}

function act(mock, { parts: [id, name], me, response }) {
  const row = mock.row(id, response);
  return row && mock.world.seen(mock.change(row, ACTS[name](row)), me);
}

function assign(mock, { parts: [id], body, me, response }) {
  const row = mock.row(id, response);
  const who = mock.world.staff.find((one) => one.id === body.assignee);
  return (
    row && mock.world.seen(mock.change(row, { assignee: who ? { id: who.id, name: who.name } : null }), me)
  );
}

function tray(mock, { url, me, response }) {
  if (me.role !== 'admin') return problem(response, 403, 'forbidden', 'Not yours to see');
  const items = mock.world.tray[url.searchParams.get('tray') ?? 'quarantined'];
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const to = from + (mock.trayPage ?? Number(url.searchParams.get('limit') ?? 50));
  return {
    items: items.slice(from, to).map(({ view }) => view),
    next_cursor: to < items.length ? String(to) : null,
  };
}

function replay(mock, { parts: [id], me, response }) {
  if (me.role !== 'admin') return problem(response, 403, 'forbidden', 'Not yours to do');
  const name = id.startsWith('unverified.') ? 'unverified' : 'quarantined';
  const found = mock.world.tray[name].find(({ view }) => view.id === decodeURIComponent(id));
  if (!found) return problem(response, 404, 'not-found', 'Not found');
  if (found.comes === 'forged') return problem(response, 409, 'not-genuine', 'Its signature is still wrong');
  if (found.comes === 'waits') return { applied: false, reason: found.view.reason, conversation_id: null };
  mock.world.tray[name] = mock.world.tray[name].filter((other) => other !== found);
  return { applied: true, reason: null, conversation_id: [...mock.world.rows.keys()][0] ?? null };
}

function dismiss(mock, { parts: [id], response }) {
  const message = [...mock.world.timelines.values()].flat().find((one) => one.id === id);
  if (!message) return problem(response, 404, 'not-found', 'Not found');
  mock.deliver(message, message.status, { dismissed_at: iso() });
  return { ...message };
}

const jobsNamed = (mock, id) =>
  [...mock.world.details.values()]
    .flatMap((it) => it.customer_detail?.jobs ?? [])
    .filter((job) => job.id === id);

/** Kept once, as the server keeps it. */
function keepFact(mock, { parts: [id], me, body, response }) {
  const message = mock.world.timelines.get(body.conversation_id)?.find(({ seq }) => seq === body.seq);
  const [job] = jobsNamed(mock, id);
  if (!message || !job) return problem(response, 404, 'not-found', 'Not found');
  const text = body.file === undefined ? (body.text ?? message.text) : null;
  if (text !== null && !message.text.includes(text))
    return problem(response, 422, 'not-a-fact', 'Not a fact');
  const media = message.media[body.file];
  const file = media
    ? { id: media.id, place: body.file, kind: media.kind, name: media.name, url: media.url }
    : null;
  if (!job.facts.some((had) => had.text === text && had.file?.id === file?.id))
    job.facts = [
      ...job.facts,
      { id: body.id, text, file, conversation_id: message.conversation_id, message_id: message.id, seq: message.seq, by: { id: me.id, name: me.name }, at: iso() },
    ]; // prettier-ignore
  return { facts: job.facts };
}

function forgetFact(mock, { parts: [id, fact] }) {
  const [job] = jobsNamed(mock, id);
  job.facts = job.facts.filter((had) => had.id !== fact);
  return { facts: job.facts };
}

function photo(mock, { parts: [id], response }) {
  const file = mock.files.of(id);
  answer(response, 200, file?.content_type ?? 'image/png', file?.bytes ?? PHOTO);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flag = (name, otherwise) =>
    process.argv.includes(`--${name}`)
      ? Number(process.argv[process.argv.indexOf(`--${name}`) + 1])
      : otherwise;
  const has = (name) => process.argv.includes(`--${name}`);
  const mock = await startMock({
    port: flag('port', 7899),
    conversations: flag('conversations', 0),
    messages: flag('messages', 0),
    hostile: has('hostile'),
    empty: has('empty'),
    dist: has('dist'),
    signedIn: has('signed-in'),
  });
  console.log(`${mock.url}, password porchlight-on`);
}
