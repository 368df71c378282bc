// The phone that is shown: whose it is, what is on it, and which phones there are.

import { api } from './api.js';
import { byId, calmly, el, empty } from './dom.js';
import { phone, phoneTime, wholeTime } from './words.js';

const SHOWN = 300;
const GAP_MS = 60 * 60 * 1_000;

export class Phone {
  number = '';
  #phones = new Map();
  #lines = [];
  #seen = new Map(); // number: SID of the last text that was looked at
  #drawn = '';
  #load = 0;
  #chosen;

  constructor(chosen) {
    this.#chosen = chosen;
    this.#number(decodeURIComponent(location.hash.slice(1)));
    byId('who').addEventListener('change', () => this.choose(byId('who').value));
    byId('who').addEventListener('blur', () => this.#list());
    byId('stranger').addEventListener('click', () => this.choose(this.#unused()));
    window.addEventListener('hashchange', () => this.choose(decodeURIComponent(location.hash.slice(1))));
  }

  refreshPhones = calmly(120, () => this.phones());
  refreshTexts = calmly(30, () => this.texts());

  get owner() {
    return this.#phones.get(this.number)?.name ?? phone(this.number);
  }

  get firstName() {
    return this.#phones.get(this.number)?.name?.split(' ')[0] || phone(this.number);
  }

  // The line that this phone last talked with, else the first.
  get line() {
    const last = this.#phones.get(this.number)?.last_message;
    const known = last && this.#lines.find((line) => line.number === (last.sent_by === 'phone' ? last.to : last.from));
    return known ?? this.#lines[0] ?? null;
  }

  set lines(lines) {
    this.#lines = lines;
    this.#head();
  }

  async phones() {
    const listed = await api.phones();
    this.#phones = new Map(listed.map((each) => [each.number, each]));
    for (const { number, last_message: last } of listed) if (!this.#seen.has(number)) this.#seen.set(number, last?.sid);
    if (!this.number) this.#number(listed[0]?.number ?? this.#unused());
    this.#list();
    this.#head();
    this.#chosen();
  }

  choose(number) {
    if (!number || number === this.number) return;
    this.#number(number);
    this.#drawn = '';
    byId('log').replaceChildren();
    this.#list(true);
    this.#head();
    this.#chosen();
    this.texts();
  }

  async texts() {
    const { number } = this;
    const run = ++this.#load;
    if (!number) return;
    const texts = await api.texts(number);
    if (run !== this.#load || number !== this.number) return;
    this.#seen.set(number, texts.at(-1)?.sid);
    this.#draw(texts.slice(-SHOWN));
  }

  forget() {
    this.#seen.clear();
    this.#drawn = '';
  }

  #number(number) {
    this.number = number;
    if (number) history.replaceState(null, '', `#${number}`);
  }

  // A number of the range that is kept for fiction, or one beside it, that no phone here has.
  #unused() {
    for (let last = 100; last < 10_000; last += 1) {
      const number = `+1207555${String(last).padStart(4, '0')}`;
      const taken = this.#phones.has(number) || number === this.number || this.#lines.some((line) => line.number === number);
      if (!taken) return number;
    }
    return '';
  }

  // Not under a hand that has it open, unless that hand just chose.
  #list(now = false) {
    const select = byId('who');
    if (!now && document.activeElement === select) return;
    const numbers = [...this.#phones.keys()];
    if (this.number && !this.#phones.has(this.number)) numbers.unshift(this.number);
    const old = [...select.options].map((option) => option.value);
    const order = [...old.filter((number) => numbers.includes(number)), ...numbers.filter((number) => !old.includes(number))];
    const options = order.map((number) => el('option', { value: number }, this.#label(number)));
    select.replaceChildren(...options);
    select.value = this.number;
  }

  #label(number) {
    const { name, stopped, last_message: last } = this.#phones.get(number) ?? {};
    const fresh = number !== this.number && last?.sent_by === 'line' && last.sid !== this.#seen.get(number);
    return [name, fresh && 'new text', stopped && 'stopped', phone(number)].filter(Boolean).join(' · ');
  }

  #head() {
    const { line } = this;
    byId('line-name').textContent = line?.name ?? (line ? phone(line.number) : 'No line');
    byId('line-number').textContent = line?.name ? phone(line.number) : '';
  }

  #draw(texts) {
    const drawn = JSON.stringify(texts.map((text) => [text.sid, text.body, text.media.length]));
    if (drawn === this.#drawn) return;
    const first = this.#drawn === '';
    this.#drawn = drawn;
    const log = byId('log');
    const atEnd = first || log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    if (texts.length === 0) log.replaceChildren(el('div', { class: 'empty' }, ...empty('phone', 'No texts yet', `Text as ${this.firstName} below: it goes to ${this.line?.name ?? 'the line'} as a real one would.`)));
    else this.#merge(log, this.#bubbles(texts));
    if (atEnd) log.scrollTop = log.scrollHeight;
  }

  // What is there already stays there, so that only what is new is read aloud.
  #merge(log, wanted) {
    const keys = new Set(wanted.map(([key]) => key));
    const old = new Map([...log.children].map((child) => [child.dataset.key, child]));
    for (const child of [...log.children]) if (!keys.has(child.dataset.key)) child.remove();
    let before = log.firstElementChild;
    for (const [key, make] of wanted) {
      const node = old.get(key) ?? make();
      node.dataset.key = key;
      if (node === before) before = before.nextElementSibling;
      else log.insertBefore(node, before);
    }
  }

  #bubbles(texts) {
    const wanted = [];
    let last = 0;
    for (const text of texts) {
      const at = text.sent_at ?? text.created_at;
      if (Date.parse(at) - last > GAP_MS) wanted.push([`at ${text.sid}`, () => el('p', { class: 'when' }, phoneTime(at))]);
      last = Date.parse(at);
      for (const file of text.media) wanted.push([file.sid, () => this.#file(text, file, at)]);
      if (text.body || text.media.length === 0) wanted.push([`${text.sid} ${text.body}`, () => this.#bubble(text, at, text.body || 'This text was removed.')]);
    }
    return wanted;
  }

  #bubble(text, at, ...children) {
    const mine = text.sent_by === 'phone';
    const who = mine ? this.owner : (this.line?.name ?? 'The line');
    return el('div', { class: `bubble${mine ? ' me' : ''}`, dir: 'auto', title: wholeTime(at) }, el('span', { class: 'sr' }, `${who}: `), ...children);
  }

  #file(text, file, at) {
    const picture = /^image\/(jpeg|png|gif|webp)$/.test(file.content_type);
    const who = text.sent_by === 'phone' ? this.owner : (this.line?.name ?? 'the line');
    const shown = picture ? el('img', { src: file.url, alt: `Photo from ${who}`, width: 150, height: 82 }) : `File (${file.content_type})`;
    const bubble = this.#bubble(text, at, el('a', { href: file.url, target: '_blank', rel: 'noopener' }, shown));
    bubble.classList.toggle('pic', picture);
    return bubble;
  }
}
