// One row of the event table.

import { badge, el, icon } from './dom.js';
import { clock, faults, seconds, shortSid, tone, way, wholeTime } from './words.js';

const cell = (attributes, ...children) => el('td', { role: 'cell', ...attributes }, ...children);

// The words that a filter looks in, shortened SID and shown words included.
export function searchable(event) {
  const shown = faults(event.fault).map(([, , words]) => words);
  const parts = [event.what, event.sid, shortSid(event.sid), event.phone, event.result, event.fault, way(event.direction)[1], ...shown];
  return parts.filter(Boolean).join(' ').toLowerCase();
}

export function row(event) {
  const [arrow, direction] = way(event.direction);
  const [colour, symbol] = tone(event.tone);
  const result = seconds(event.result);
  const sid = event.sid && el('button', { type: 'button', title: event.sid, 'data-sid': event.sid, 'aria-label': `${shortSid(event.sid)}: show only this message`, tabindex: -1 }, shortSid(event.sid));
  const played = faults(event.fault).map(([tint, mark, words]) => badge(tint, mark, words, event.fault));
  return el('tr', { role: 'row' },
    cell({ class: 'num' }, el('time', { datetime: event.at, title: wholeTime(event.at) }, clock(event.at))),
    cell({}, el('span', { class: 'line' }, icon(arrow), direction)),
    cell({ class: 'what' }, el('span', { dir: 'auto', title: event.phone }, event.what)),
    cell({ class: 'sid' }, sid),
    cell({}, badge(colour, symbol, result, result)),
    cell({}, played.length > 0 ? el('span', { class: 'faults-of' }, ...played) : null));
}
