// A small business in memory, in the shapes of the API: what the pictures in docs/screens and the tests look at.
import { createHash } from 'node:crypto';

import { PHOTO } from './photo.mjs';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

let count = 0;
export function ulid(now = Date.now()) {
  let time = '';
  for (let rest = now, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = DIGITS[rest % 32] + time;
  let tail = '';
  for (let rest = ++count, i = 0; i < 16; i++, rest = Math.floor(rest / 32)) tail = DIGITS[rest % 32] + tail;
  return time + tail;
}

const iso = (ms) => new Date(ms).toISOString();
const conversationId = (contact) => createHash('sha256').update(contact).digest('hex').slice(0, 32);

const STAFF = [
  ['Ana Ruiz', 'office'],
  ['Ben Carter', 'admin'],
  ['Luis Ortega', 'technician'],
  ['Kim Doyle', 'technician'],
].map(([name, role], i) => ({ id: ulid(1_700_000_000_000 + i), name, role, off_until: null }));
const [ANA, BEN, LUIS] = STAFF;
const person = ({ id, name }) => ({ id, name });

/** People whose threads the pictures show: name, contact, channel, facts, and messages as [side, minutes ago, text, …]. */
const PEOPLE = [
  {
    name: 'Maria Delgado', contact: '+12075550188', lead: 'qualified', assignee: LUIS, seen: true,
    customer: {
      address: '18 Clifton Street\nPortland, ME 04101', balance: 18900, since: '2019-04-09T12:00:00.000Z',
      notes: 'Gate code 4417. Biscuit (beagle) is friendly. Prefers texts after 8 AM.',
      contacts: [['+12075550188', 'mobile', 'sms'], ['+12075550121', 'home', 'sms'], ['maria.delgado@example.com', null, 'email']],
      jobs: [[1042, 'Heater leak, warranty', 'scheduled', 5 * HOUR, 0, [LUIS]], [1031, 'Water heater, 50 gal', 'completed', -14 * DAY, 248000, [LUIS]], [987, 'Kitchen drain', 'completed', -24 * DAY, 18900, [STAFF[3]]]],
    },
    messages: [
      ['auto', 170, 'Your visit is today. Reply C to confirm.'],
      ['in', 98, 'Good morning, the new heater is knocking and there’s a puddle under it', { media: true }],
      ['out', 84, 'Thanks for the photo, Maria. That is the relief valve, **not the tank**. Please turn the dial to `VACATION` and keep the cold valve open.', { by: ANA }],
      ['note', 79, '@Luis you installed this one on Nov 6. Fits after Hartley?', { by: BEN }],
      ['sys', 79, 'Ben assigned this to Luis Ortega'],
      ['out', 70, 'Luis here. I can come **between 2 and 4** today.', { by: LUIS, status: 'sent' }],
      ['out', 69, 'Warranty card: bit.ly/hbr-1042', { by: LUIS, status: 'undelivered', error: 'the carrier blocked the short link' }],
      ['in', 46, '2–4 is perfect. Is the visit covered or will I be charged?'],
      ['out', 0.2, 'Good question. Checking your warranty now, one minute.', { by: ANA, status: 'sending' }],
    ],
  },
  { name: 'Hartley Property Mgmt', contact: 'office@hartley.example', channel: 'email', assignee: BEN, seen: true, customer: { jobs: [[1038, 'in progress', 'in_progress', 0, 90000, [LUIS]]] }, messages: [['out', 200, 'Which units does the order cover?', { by: BEN }], ['in', 52, 'PO 7731 covers all three units, attached'], ['out', 51, 'Perfect, thank you.', { by: BEN }]] },
  { name: 'Derek Olsen', contact: '+12075550111', lead: 'new', messages: [['in', 14, 'Hi, found you online'], ['in', 12, 'Do you install heat pumps? It’s a two-story in Cape Elizabeth']], waits: 12 },
  { name: 'Priya Raman', contact: 'portal:priya', channel: 'portal', lead: 'qualified', customer: { jobs: [] }, messages: [['out', 200, 'Here is the quote.', { by: ANA }], ['in', 82, 'The quote looks good. When could you start?']], waits: 82 },
  { name: 'Grace Liu', contact: 'grace@liu.example', channel: 'email', lead: 'follow_up', seen: true, customer: { jobs: [] }, messages: [['out', 104, 'Hi Grace, following up on the boiler estimate', { by: ANA }]] },
  { name: 'Walter Nowak', contact: '+12075550117', customer: { jobs: [[1047, 'Mon 8–10', 'scheduled', 3 * DAY, 12900, [LUIS]]] }, seen: true, messages: [['auto', 136, 'Reminder: your furnace tune-up is Monday 8–10']] },
  { name: 'Tom Beck', contact: '+12075550119', emergency: true, customer: { jobs: [[1044, 'No heat', 'scheduled', HOUR, 0, []]] }, messages: [['in', 277, 'Hello?'], ['in', 276, 'Anyone there'], ['in', 275, 'No heat since last night and we have a newborn']], waits: 275 },
  { name: '', contact: '+12075550163', lead: 'new', messages: [['in', 16 * 60, 'Is this the plumber on Forest Ave?']], waits: 16 * 60 },
  { name: 'Renee Fontaine', contact: '+12075550129', cannotText: true, seen: true, customer: { jobs: [[1029, 'completed', 'completed', -2 * DAY, 45000, []]] }, messages: [['in', 26 * 60, 'Please send the invoice'], ['out', 25 * 60, 'Here is your invoice.', { by: ANA, status: 'undelivered', error: 'this number is a landline' }]] },
  { name: 'Sam Whitaker', contact: 'sam@whitaker.example', channel: 'email', lead: 'closed', closed: true, seen: true, customer: { jobs: [] }, messages: [['in', 2 * 24 * 60, 'We went with someone closer, but thank you']] },
  { name: 'Joy Carter', contact: '+12075550133', seen: true, customer: { jobs: [[1033, 'completed', 'completed', -2 * DAY, 32000, [LUIS]]] }, messages: [['out', 2 * 24 * 60 + 60, 'All set, the new valve is in. Thanks, Joy!', { by: LUIS }]] },
  { name: 'Nora Bell', contact: '+12075550177', optedOut: true, seen: true, customer: { jobs: [] }, messages: [['out', 3 * 24 * 60 + 60, 'Your visit is booked.', { by: ANA }], ['in', 3 * 24 * 60, 'STOP']] },
  { name: 'Ken Okafor', contact: '+12075550146', seen: true, customer: { jobs: [[1046, '4:30 PM', 'scheduled', 7 * HOUR, 8000, [LUIS]]] }, messages: [['out', 25 * 60, 'Does 4:30 still suit you, Ken?', { by: ANA, status: 'unknown', unknown: 30 * 60 }]] },
]; // prettier-ignore

/** What waits for a person, newest first. `comes`: what a replay answers. */
const tray = (start) => ({
  quarantined: [
    ['no line of the business has this number', '+12075550199', '+12075550000', 'Hello, is this Harbor Plumbing?', 'waits'],
    ['the sender is no phone number', 'alerts', '+12075550142', 'Your package is on its way', 'waits'],
    ['no message of ours has this id', '+12075550142', '+12075550188', null, 'applied'],
  ].map(item(start)),
  unverified: [[null, '+12075550666', '+12075550142', 'Click here to claim your prize', 'forged']].map(item(start)),
}); // prettier-ignore
const item = (start) => ([reason, from, to, text, comes], i) => ({
  comes,
  view: { id: `${comes === 'forged' ? 'unverified' : 'message'}.${ulid(start - i * HOUR)}`, received_at: iso(start - i * HOUR), reason, from, to, text },
}); // prettier-ignore

export class World {
  constructor({ conversations = 0, messages = 0, hostile = false, empty = false } = {}) {
    this.now = () => Date.now();
    this.rows = new Map();
    this.timelines = new Map();
    this.details = new Map();
    this.drafts = new Map();
    this.commands = new Map();
    this.staff = STAFF;
    this.tray = empty ? { quarantined: [], unverified: [] } : tray(Date.now());
    for (const who of empty ? [] : PEOPLE) this.#add(who);
    if (hostile) for (const who of hostilePeople()) this.#add(who);
    for (let i = 0; i < conversations; i++) this.#add(plainPerson(i));
    if (messages > 0) this.#fill('+12075550188', messages);
  }

  me(email) {
    const who = STAFF.find(({ name }) => email.startsWith(name.split(' ')[0].toLowerCase())) ?? ANA;
    return {
      id: who.id, business_id: ulid(1_600_000_000_000), business_name: 'Harbor Plumbing & Heating', name: who.name, email,
      role: who.role, time_zone: 'America/New_York', permissions: { texting: true }, staff: STAFF, line: '+12075550142', may: MAY[who.role],
      vapid_public_key: null,
    }; // prettier-ignore
  }

  /** A row as somebody is shown it. */
  seen(row, me) {
    const draft = this.drafts.get(`${me?.id}/${row.id}`) ?? null;
    return {
      ...row,
      job_ahead: isAhead(row.job),
      may: ACTS,
      draft,
      note_draft: this.drafts.get(`${me?.id}/${row.id}/note`) ?? null,
    };
  }

  #add(who) {
    const { name, contact, channel = 'sms' } = who;
    const id = conversationId(contact);
    const start = this.now();
    const timeline = [];
    this.timelines.set(id, timeline);
    for (const [side, ago, text, more = {}] of who.messages)
      timeline.push(this.#message(id, who, timeline.length + 1, side, start - ago * MINUTE, text, more));
    const jobs = (who.customer?.jobs ?? []).map(([number, title, status, at, amount_cents, crew]) => ({
      id: ulid(1_650_000_000_000 + number), number, title, status, scheduled_at: iso(start + at), amount_cents, technicians: crew.map(person), facts: [],
    })); // prettier-ignore
    const customer = who.customer ? { id: ulid(1_660_000_000_000), name } : null;
    this.rows.set(id, {
      id, version: 1, seq: timeline.length, name, contact, channel, state: who.closed ? 'closed' : 'open',
      attention: who.waits !== undefined, attention_reason: who.waits === undefined ? null : 'customer', attention_advice: null, emergency: who.emergency ?? false, waiting_since: who.waits === undefined ? null : iso(start - who.waits * MINUTE),
      lead: who.lead ? { stage: who.lead } : null, assignee: who.assignee ? person(who.assignee) : null, customer,
      unread: who.seen ? 0 : timeline.filter(({ direction }) => direction === 'in').length, marked_unread: false,
      consent: who.optedOut ? 'closed' : 'open', consent_doubt: null, cannot_text: who.cannotText ?? false, blocked: false, type: 'customer', party: { kind: 'customer', colleague: null, colleague_left: false, job: null }, office_only: false, snoozed_until: null, settled_hint: false, failed_seq: null, mentioned_seq: null, pinned: false, planned: 0,
      last_message: lastOf(timeline), last_activity_at: timeline.at(-1).created_at,
      job: jobs[0] ? { id: jobs[0].id, number: jobs[0].number, title: jobs[0].title, status: jobs[0].status, scheduled_at: jobs[0].scheduled_at } : null,
    }); // prettier-ignore
    this.details.set(id, {
      customer_detail: customer && {
        ...customer, address: who.customer.address ?? null, balance_cents: who.customer.balance ?? 0, notes: who.customer.notes ?? null, access_notes: who.customer.access_notes ?? null,
        since: who.customer.since ?? iso(start - 400 * DAY), lead: who.lead ? { stage: who.lead } : null,
        contacts: (who.customer.contacts ?? [[contact, null, channel]]).map(([c, label, ch]) => ({ contact: c, label, channel: ch, cannot_text: false })), jobs,
      },
      consent_detail: who.optedOut ? { state: 'closed', at: iso(start - 3 * DAY), how: 'stop', scope: 'service', only_they_can_open: true } : null,
    }); // prettier-ignore
  }

  #message(conversation_id, who, seq, side, at, text, { by, status, error, media, unknown }) {
    const direction = side === 'in' ? 'in' : 'out';
    const kind = { in: 'customer', out: 'staff', auto: 'automated', note: 'note', sys: 'system' }[side];
    const state = side === 'in' ? 'received' : (status ?? 'delivered');
    return {
      id: ulid(at), conversation_id, seq, version: 1, direction, kind, text, status: state,
      error: error ? { code: 30007, reason: error, advice: 'Change the message before you send it again.', class: 'permanent' } : null, author: by ? person(by) : null,
      contact: who.contact, line: '+12075550142', job_id: null, created_at: iso(at), sent_at: state === 'delivered' || state === 'sent' ? iso(at + 900) : null,
      delivered_at: state === 'delivered' ? iso(at + 2400) : null, media: media ? [photoOf(seq)] : [],
      segments: direction === 'out' ? 1 : null, purpose: direction === 'out' ? 'reply' : null, consent_id: null, resend_of: null, resent_to: null, others: [], price: null, unknown_since: unknown ? iso(this.now() - unknown * MINUTE) : null, dismissed_at: null, reactions: [], crew: false, mentions: [], schedule: null, deleted_at: null,
    }; // prettier-ignore
  }

  #fill(contact, messages) {
    const id = conversationId(contact);
    const row = this.rows.get(id);
    const start = this.now() - messages * 20 * MINUTE;
    const timeline = this.timelines.get(id);
    const old = Array.from({ length: messages }, (_, i) =>
      this.#message(
        id,
        row,
        i + 1,
        i % 3 === 0 ? 'in' : 'out',
        start + i * 20 * MINUTE,
        `Message ${i + 1}. ${'About the boiler, the pump and the valve. '.repeat(i % 4)}`,
        { by: i % 3 === 0 ? null : ANA },
      ),
    );
    timeline.forEach((message, i) => (message.seq = messages + i + 1));
    timeline.unshift(...old);
    Object.assign(row, { seq: timeline.length, last_message: lastOf(timeline) });
  }
}

function photoOf(seq) {
  const id = String(seq).padStart(35, '0');
  const shown = { content_type: 'image/png', kind: 'photo', size: PHOTO.length, width: 350, height: 192 };
  return { id, url: `/api/media/${id}`, name: null, ...shown, state: 'ready', reason: null, goes_as: null };
}

export function lastOf(timeline) {
  const { seq, text, kind, direction, author, status, created_at } =
    timeline.findLast((message) => message.kind !== 'note' && message.kind !== 'system') ?? timeline.at(-1);
  return { seq, text, kind, direction, author, status, created_at };
}

const FIRST = ['Alma', 'Boris', 'Carla', 'Dmitri', 'Elsa', 'Farid', 'Gwen', 'Hugo', 'Iris', 'Jonas'];
const LAST = [
  'Abbott',
  'Baird',
  'Chung',
  'Dunn',
  'Engel',
  'Frost',
  'Grant',
  'Huber',
  'Ivers',
  'Jensen',
  'Kerr',
];
function plainPerson(i) {
  const name = `${FIRST[i % 10]} ${LAST[i % 11]} ${i}`;
  return {
    name,
    contact: `+1503${String(5_550_000 + i)}`,
    seen: i % 7 !== 0,
    customer: { jobs: [] },
    messages: [['in', 60 * 24 * 4 + i * 7, `About the ${['sink', 'boiler', 'pump'][i % 3]}, number ${i}`]],
  };
}

function hostilePeople() {
  const texts = [
    '<img src=x onerror="document.title=1"><script>alert(1)</script>',
    '\u202Etxet desrever\u202C and \u2066isolated',
    'W'.repeat(10_000),
    'Z\u0335\u0321\u0322a\u0336\u0310l\u0337\u0313g\u0338\u0315o\u0334\u0327'.repeat(60),
    '👨‍👩‍👧‍👦'.repeat(40),
    '[x](javascript:alert(1)) **<b>bold</b>** `</code>`',
    'مرحبا، هل يمكنك الحضور غدا؟ 2 PM',
    '\u0000\u0007 controls \uFFFF',
  ];
  return texts.map((text, i) => ({
    name: i < 6 ? text : 'محمد علي',
    contact: `+1207555090${i}`,
    messages: [
      ['in', 300 + i, text],
      ['out', 299 + i, text, { by: ANA }],
    ],
  }));
}

/** What each role may do for the business. */
const MAY = {
  admin: ['browse', 'keep_directory', 'keep_hours', 'keep_tray', 'begin', 'keep_consent', 'set_consent_rule'],
  office: ['browse', 'keep_directory', 'begin', 'keep_consent'],
  technician: [],
};

/** What the office may do with a conversation. */
const ACTS = [
  ...['read', 'mark_unread', 'draft', 'note', 'write', 'dismiss', 'need_person'],
  ...['settle', 'close', 'reopen', 'assign', 'share'],
];

const isAhead = (job) =>
  job?.status === 'in_progress' ||
  (job?.status === 'scheduled' && !(Date.parse(job.scheduled_at) < Date.now()));
