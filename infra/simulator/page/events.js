// The provider's event log: live, newest first, filtered, and still while paused.

import { api } from './api.js';
import { byId, el, empty, icon, say } from './dom.js';
import { row, searchable } from './row.js';
import { count } from './words.js';

const KEPT = 2_000;
const PAGE = 200;

export class Events {
  #events = []; // newest first
  #ids = new Set();
  #fresh = []; // not drawn yet
  #shown = PAGE;
  #paused = false;
  #frame = 0;
  #words = '';
  #loading = 0;
  #rows = byId('rows');
  #changed;

  constructor(changed) {
    this.#changed = changed;
    byId('filter').addEventListener('input', () => this.filter(byId('filter').value));
    byId('filter').addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.filter('');
    });
    byId('pause').addEventListener('click', () => this.#pause(!this.#paused));
    byId('more').addEventListener('click', () => this.#more());
    this.#rows.addEventListener('click', (event) => {
      const sid = event.target.closest('[data-sid]')?.dataset.sid;
      if (sid) this.filter(this.#words === sid.toLowerCase() ? '' : sid, true);
    });
    this.#rows.addEventListener('keydown', (event) => this.#walk(event));
  }

  // Everything anew: on each opening of the connection, and after "Start over".
  async load() {
    const run = ++this.#loading;
    this.#fresh = [];
    const listed = await api.events().catch(() => null);
    if (run !== this.#loading) return;
    this.#loading = 0;
    if (listed === null) return; // The connection opens again, and this begins anew.
    const newest = listed.at(-1)?.id ?? 0;
    const since = this.#fresh.filter((event) => event.id > newest);
    this.#events = [...listed, ...since].reverse();
    this.#ids = new Set(this.#events.map((event) => event.id));
    this.#fresh = [];
    if (!this.#paused) this.#draw();
  }

  add(event) {
    this.#fresh.push(event);
    if (this.#loading > 0) return;
    if (this.#paused) this.#label();
    else this.#frame ||= requestAnimationFrame(() => this.#insert());
  }

  filter(words, focus = false) {
    const field = byId('filter');
    if (field.value !== words) field.value = words;
    this.#words = words.trim().toLowerCase();
    this.#shown = PAGE;
    this.#draw();
    say(this.#words === '' ? 'All events' : `${count(this.#matching().length, 'event')} match`);
    if (focus) field.focus();
  }

  #matches(event) {
    return this.#words === '' || searchable(event).includes(this.#words);
  }

  #matching() {
    return this.#events.filter((event) => this.#matches(event));
  }

  #take() {
    const fresh = this.#fresh.filter((event) => !this.#ids.has(event.id));
    this.#fresh = [];
    for (const event of fresh) {
      this.#ids.add(event.id);
      this.#events.unshift(event);
    }
    for (const old of this.#events.splice(KEPT)) this.#ids.delete(old.id);
    return fresh.reverse();
  }

  #insert() {
    this.#frame = 0;
    if (this.#paused || this.#loading > 0) return;
    const rows = this.#take().filter((event) => this.#matches(event)).map(row);
    this.#rows.prepend(...rows);
    while (this.#rows.children.length > this.#shown) this.#rows.lastChild.remove();
    this.#ends();
  }

  #draw() {
    const matching = this.#matching();
    this.#rows.replaceChildren(...matching.slice(0, this.#shown).map(row));
    this.#ends(matching.length);
  }

  // What stands below the rows, and which of them the Tab key reaches.
  #ends(matching = this.#matching().length) {
    const more = byId('more');
    more.hidden = matching <= this.#shown;
    more.textContent = `${count(matching - this.#shown, 'older event')}`;
    const none = byId('events-empty');
    none.hidden = matching > 0;
    if (matching === 0) none.replaceChildren(...this.#why());
    const buttons = this.#rows.querySelectorAll('[data-sid]');
    if (!this.#rows.querySelector('[data-sid][tabindex="0"]')) buttons[0]?.setAttribute('tabindex', '0');
    this.#changed();
  }

  #why() {
    if (this.#words === '') return empty('gear', 'Nothing happened yet', 'Send a text from the phone, or write one in the inbox. Each call in either direction shows up here.');
    return [...empty('search', 'No event has these words', 'The filter looks at texts, SIDs, numbers, results and faults.'), el('button', { type: 'button', class: 'btn small', onclick: () => this.filter('', true) }, icon('x'), 'Clear the filter')];
  }

  #more() {
    this.#shown += PAGE;
    this.#draw();
  }

  #pause(paused) {
    this.#paused = paused;
    byId('pause').setAttribute('aria-pressed', String(paused));
    if (!paused) {
      this.#take();
      this.#draw();
    }
    this.#label();
  }

  #label() {
    const waiting = this.#fresh.length > 0 ? ` · ${count(this.#fresh.length, 'new', 'new')}` : '';
    byId('pause').textContent = this.#paused ? `Paused${waiting}` : 'Pause';
  }

  // One tab stop for all SIDs; arrows walk between them.
  #walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    const here = event.target.closest('[data-sid]');
    if (!step || !here) return;
    event.preventDefault();
    const all = [...this.#rows.querySelectorAll('[data-sid]')];
    const next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(here) + step))];
    here.setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  }
}
