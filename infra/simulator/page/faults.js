// What goes wrong: switches and sliders for the rates, one fault for the next message, Bad Monday.

import { api } from './api.js';
import { byId, el, icon, say } from './dom.js';
import { count } from './words.js';

// `rates`: the settings that one switch moves together. `first`: the rate of a switch that is turned on. `rare`: under
// "More", which opens by itself when something in it is on.
const CARDS = [
  { id: 'duplicate', icon: 'copy', name: 'Duplicates', words: 'A webhook may come twice', rates: ['duplicate'], first: 0.3 },
  { id: 'reorder', icon: 'shuffle', name: 'Reorder', words: '“sent” may come after “delivered”', rates: ['reorder'], first: 1 },
  { id: 'delay', icon: 'clock', name: 'Delay', words: 'Holds accepted texts and reports', rates: ['delay'], first: 1, upTo: true },
  { id: 'fail', icon: 'alert', name: 'Fail', words: 'Texts end with this error', rates: ['fail'], first: 1, code: true },
  { id: 'lie', icon: 'mask', name: 'Lie', words: 'Sends the text, never says so', rates: ['server_error', 'timeout_after_accepting', 'drop_after_accepting'], first: 1 },
  { id: 'edge', icon: 'bolt', name: 'Our edge down', words: 'Webhooks meet a closed door', rates: ['edge_down'], first: 1 },
  { id: 'lost', icon: 'off', name: 'Lost reports', words: 'Never tells how a text ended', rates: ['lost_callbacks'], first: 1, rare: true },
  { id: 'forged', icon: 'shield', name: 'Forged first', words: 'A webhook’s first try has a wrong signature', rates: ['wrong_signature'], first: 1, rare: true },
  { id: 'busy', icon: 'x', name: 'Rate limit', words: 'Refuses a text with 429', rates: ['too_many_requests'], first: 0.5, rare: true },
];
const CODES = [[30003, 'phone is off'], [30004, 'blocked'], [30005, 'unknown phone'], [30006, 'landline'], [30007, 'filtered'], [30008, 'unknown error'], [21610, 'stopped']];
const ONCE = [
  ['timeout_after_accepting', 'Sent, never answered'], ['drop_after_accepting', 'Sent, hangs up'], ['server_error', 'Sent, answers 500'],
  ['drop_before_accepting', 'Not sent, hangs up'], ['server_error_refused', 'Not sent, answers 500'], ['proxy_timeout', 'Not sent, answers 408'],
  ['too_many_requests', 'Refused, 429'], ['fail', 'Fails'], ['delay', 'Delayed'], ['lost_callbacks', 'No reports'], ['reorder', 'Reports reordered'],
  ['duplicate', 'Webhooks twice'], ['wrong_signature', 'Forged first try'], ['edge_down', 'Our edge down'],
];
const LONGEST_MS = 15_000;

export class Faults {
  #rates = null;
  #last = new Map(); // card: its rate when it was last on
  #cards = new Map(); // card: its parts
  #rare = false; // something under "More" is on
  #saving = false;
  #dirty = false;

  constructor() {
    const cards = (rare) => CARDS.filter((card) => (card.rare ?? false) === rare).map((card) => this.#card(card));
    byId('faults').append(...cards(false));
    byId('rare-faults').append(...cards(true), this.#once());
    byId('monday').addEventListener('click', () => this.#all(true, 'Bad Monday: everything at 20 %'));
    byId('calm').addEventListener('click', () => this.#all(false, 'All faults are off'));
  }

  async load() {
    const given = await api.faults();
    if (!this.#saving) this.#show(given);
  }

  #show({ rates, next }) {
    this.#rates = rates;
    for (const card of CARDS) this.#draw(card);
    const on = CARDS.some((card) => this.#rate(card) > 0);
    byId('calm').hidden = !on;
    const planned = next.reduce((sum, each) => sum + each.count, 0);
    byId('planned').textContent = planned > 0 ? `${count(planned, 'message')} to come` : '';
    byId('unplan').hidden = planned === 0;
    const rare = planned > 0 || CARDS.some((card) => card.rare && this.#rate(card) > 0);
    if (rare && !this.#rare) byId('rare').open = true;
    this.#rare = rare;
  }

  #rate(card) {
    return Math.max(...card.rates.map((name) => this.#rates[name]));
  }

  #card(card) {
    const title = `fault-${card.id}`;
    const toggle = el('button', { type: 'button', class: 'switch', role: 'switch', 'aria-checked': 'false', 'aria-labelledby': title, 'aria-describedby': `${title}-w`, onclick: () => this.#toggle(card) }, el('i'), el('span', { class: 'sw-t', 'aria-hidden': 'true' }, 'Off'));
    const chance = slider('chance', `${card.name}: chance`, 1, 100, 1, (value) => this.#set(card, value / 100));
    const longest = card.upTo ? slider('up to', 'Longest delay', 500, LONGEST_MS, 500, (value) => this.#change({ delay_up_to_ms: value })) : null;
    const code = card.code ? this.#codes() : null;
    this.#cards.set(card, { toggle, chance, longest });
    return el('li', {}, el('div', { class: 'line' }, icon(card.icon, ''), el('h3', { class: 'grow', id: title }, card.name), toggle), el('p', { class: 'xs muted', id: `${title}-w` }, card.words), code, chance.row, longest?.row);
  }

  #draw(card) {
    const { toggle, chance, longest } = this.#cards.get(card);
    const rate = this.#rate(card);
    toggle.setAttribute('aria-checked', String(rate > 0));
    toggle.lastChild.textContent = rate > 0 ? 'On' : 'Off';
    if (rate > 0) this.#last.set(card, rate);
    chance.row.hidden = rate === 0;
    chance.show(Math.round(rate * 100), `${Math.round(rate * 100)} %`);
    if (longest) {
      longest.row.hidden = rate === 0;
      longest.show(this.#rates.delay_up_to_ms, `${this.#rates.delay_up_to_ms / 1_000} s`);
    }
    if (card.code) showCode(this.#rates.fail_code);
  }

  #codes() {
    const options = CODES.map(([code, words]) => el('option', { value: code }, `${code} ${words}`));
    const select = el('select', { id: 'code', 'aria-label': 'Error of a failed text', onchange: () => this.#change({ fail_code: Number(select.value) }) }, ...options);
    return el('div', { class: 'field small-f' }, icon('tag'), select, icon('down'));
  }

  #once() {
    const select = el('select', { 'aria-label': 'Fault of the next message' }, ...ONCE.map(([kind, words]) => el('option', { value: kind }, words)));
    const plan = async () => this.#try(async () => this.#show(await api.plan(select.value)), 'Planned for the next message');
    const clear = async () => this.#try(async () => {
      await api.unplan();
      await this.load();
    }, 'Nothing is planned');
    const planned = el('span', { class: 'xs muted grow', id: 'planned' });
    const buttons = el('div', { class: 'line once' }, planned, el('button', { type: 'button', class: 'btn small', id: 'unplan', onclick: clear, hidden: true }, 'Clear'), el('button', { type: 'button', class: 'btn small', onclick: plan }, 'Break the next'));
    return el('li', {}, el('div', { class: 'line' }, icon('tag', ''), el('h3', { class: 'grow' }, 'Just once')), el('p', { class: 'xs muted' }, 'The next message that it can happen to'), el('div', { class: 'field small-f' }, icon('bolt'), select, icon('down')), buttons);
  }

  #toggle(card) {
    if (this.#rates) this.#set(card, this.#rate(card) > 0 ? 0 : (this.#last.get(card) ?? card.first));
  }

  #set(card, rate) {
    this.#change(Object.fromEntries(card.rates.map((name) => [name, rate])));
  }

  // Shown at once; saved one after the other, the last state for sure.
  async #change(some) {
    if (!this.#rates) return;
    this.#rates = { ...this.#rates, ...some };
    for (const card of CARDS) this.#draw(card);
    byId('calm').hidden = !CARDS.some((card) => this.#rate(card) > 0);
    this.#dirty = true;
    if (this.#saving) return;
    this.#saving = true;
    while (this.#dirty) {
      this.#dirty = false;
      await this.#try(() => api.setRates(this.#rates));
    }
    this.#saving = false;
  }

  #all(on, words) {
    return this.#try(async () => this.#show(await api.badMonday(on)), words);
  }

  async #try(act, words) {
    try {
      await act();
      if (words) say(words);
    } catch (error) {
      say(error.message);
    }
  }
}

function showCode(code) {
  const select = byId('code');
  const known = [...select.options].some((option) => Number(option.value) === code);
  if (!known) select.append(el('option', { value: code }, String(code)));
  select.value = String(code);
}

function slider(words, label, least, most, step, moved) {
  const input = el('input', { type: 'range', min: least, max: most, step, 'aria-label': label });
  const shown = el('b', { class: 'num', 'aria-hidden': 'true' });
  input.addEventListener('input', () => moved(Number(input.value)));
  const show = (value, text) => {
    if (Number(input.value) !== value) input.value = value;
    input.setAttribute('aria-valuetext', text);
    shown.textContent = text;
  };
  return { row: el('div', { class: 'rng xs', hidden: true }, el('span', { 'aria-hidden': 'true' }, words), input, shown), show };
}
