// What the filters, orders and colours mean (RULES.md), for lists that change before the server is asked again.
import type { Channel, Row } from '../../api/types';

export const FILTERS = ['all', 'active', 'attention', 'leads', 'archived'] as const;
export type Filter = (typeof FILTERS)[number];
export type Sort = 'recent' | 'waiting';

/** What a list shows. `assigned`: empty for anyone, `me`, `none`, or a staff id. */
export interface Query {
  filter: Filter;
  sort: Sort;
  assigned: string;
  q: string;
}

export const everything: Query = { filter: 'all', sort: 'recent', assigned: '', q: '' };

const snoozed = (row: Row, now: number) => row.snoozed_until !== null && Date.parse(row.snoozed_until) > now;

const FOLDERS: Record<Filter, (row: Row, now: number) => boolean> = {
  all: () => true,
  active: (row, now) => row.state === 'open' && !snoozed(row, now),
  attention: (row, now) => row.state === 'open' && !snoozed(row, now) && row.attention,
  leads: (row) => row.state === 'open' && (row.customer === null || openLead(row)),
  archived: (row) => row.state === 'closed',
};

const openLead = (row: Row) => row.lead !== null && row.lead.stage !== 'closed' && row.job === null;

function assignedTo(row: Row, assigned: string, me: string): boolean {
  if (assigned === '') return true;
  if (assigned === 'none') return row.assignee === null;
  return row.assignee?.id === (assigned === 'me' ? me : assigned);
}

/** Whether a row belongs in a list; words searched for are the server's to judge. */
export function belongs(row: Row, query: Query, me: string, now: number): boolean {
  return !row.blocked && FOLDERS[query.filter](row, now) && assignedTo(row, query.assigned, me);
}

const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byActivity = (a: Row, b: Row) => text(b.last_activity_at, a.last_activity_at) || text(b.id, a.id);

function byWaiting(a: Row, b: Row): number {
  const waitA = a.attention ? a.waiting_since : null;
  const waitB = b.attention ? b.waiting_since : null;
  if (waitA === null || waitB === null)
    return Number(waitA === null) - Number(waitB === null) || byActivity(a, b);
  return Number(b.emergency) - Number(a.emergency) || text(waitA, waitB) || text(a.id, b.id);
}

/** Emergencies stand on top of Attention, whatever the order. */
const byEmergency = (a: Row, b: Row) =>
  Number(b.attention && b.emergency) - Number(a.attention && a.emergency) || byActivity(a, b);

export function order({ filter, sort }: Query): (a: Row, b: Row) => number {
  const by = sort === 'waiting' ? byWaiting : filter === 'attention' ? byEmergency : byActivity;
  return (a, b) => Number(b.pinned) - Number(a.pinned) || by(a, b);
}

/** The order in which the server pages: emergencies are lifted out of it only on the screen. */
export const pageOrder = ({ sort }: Query): ((a: Row, b: Row) => number) =>
  sort === 'waiting' ? byWaiting : byActivity;

const HOUR = 3_600_000;
const PATIENCE: Record<Channel, { amber: number; red: number }> = {
  sms: { amber: HOUR, red: 4 * HOUR },
  email: { amber: 8 * HOUR, red: 24 * HOUR },
  portal: { amber: HOUR, red: 4 * HOUR },
};

/** How urgent a wait looks. */
export function urgency(channel: Channel, waited: number): '' | 'amber' | 'red' {
  if (waited >= PATIENCE[channel].red) return 'red';
  return waited >= PATIENCE[channel].amber ? 'amber' : '';
}

/** The query as the address carries it; defaults stay out of it. */
export function searchOf(query: Query): string {
  const params = new URLSearchParams();
  if (query.filter !== 'all') params.set('filter', query.filter);
  if (query.sort !== 'recent') params.set('sort', query.sort);
  if (query.assigned) params.set('assigned', query.assigned);
  if (query.q) params.set('q', query.q);
  const search = params.toString();
  return search ? `?${search}` : '';
}

export function queryOf(search: string): Query {
  const params = new URLSearchParams(search);
  const filter = params.get('filter') as Filter | null;
  return {
    filter: filter && FILTERS.includes(filter) ? filter : 'all',
    sort: params.get('sort') === 'waiting' ? 'waiting' : 'recent',
    assigned: params.get('assigned') ?? '',
    q: params.get('q') ?? '',
  };
}
