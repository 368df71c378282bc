// Texting as the phone's owner: words, files, quick texts. What is typed stays with its phone.

import { api } from './api.js';
import { byId, el, icon } from './dom.js';
import { Files, encode, sample } from './files.js';

const QUICK = ['STOP', 'START', 'HELP', 'C'];

export class Composer {
  #phone;
  #drafts = new Map(); // number: { words, files }
  #number = '';
  #files = new Files(() => this.#allow());

  constructor(phone) {
    this.#phone = phone;
    const words = byId('words');
    byId('compose').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    words.addEventListener('input', () => this.#allow());
    words.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    words.addEventListener('paste', (event) => {
      if (event.clipboardData?.files.length) this.#attach([...event.clipboardData.files]);
    });
    byId('pick').addEventListener('change', () => {
      this.#attach([...byId('pick').files]);
      byId('pick').value = '';
    });
    const photo = el('button', { type: 'button', class: 'chip', onclick: () => this.#photo() }, icon('image'), 'Photo');
    byId('chips').append(...QUICK.map((text) => el('button', { type: 'button', class: 'chip', onclick: () => this.#send(text, []) }, text)), photo);
    this.show();
  }

  // After another phone was chosen, or its name or the line became known.
  show() {
    const { number, firstName } = this.#phone;
    const words = byId('words');
    words.placeholder = `Text as ${firstName}`;
    byId('words-label').textContent = `Text as ${firstName}`;
    byId('send-label').textContent = `Send as ${firstName}`;
    byId('send').title = `Send as ${firstName}`;
    if (number !== this.#number) {
      this.#drafts.set(this.#number, { words: words.value, files: this.#files.list });
      this.#number = number;
      const draft = this.#drafts.get(number) ?? { words: '', files: [] };
      words.value = draft.words;
      this.#files.show(draft.files);
      this.#note('');
    }
    this.#allow();
  }

  #allow() {
    const possible = this.#phone.line !== null;
    const something = byId('words').value.trim() !== '' || this.#files.list.length > 0;
    byId('send').disabled = !possible || !something;
    for (const chip of byId('chips').children) chip.disabled = !possible;
    if (something) this.#note('');
  }

  #note(words) {
    const note = byId('text-note');
    if (note.textContent !== words) note.textContent = words;
    note.hidden = words === '';
  }

  async #photo() {
    this.#attach([await sample()]);
    byId('words').focus();
  }

  #attach(files) {
    try {
      this.#files.add(files);
    } catch (error) {
      this.#note(error.message);
    }
  }

  #submit() {
    const words = byId('words').value;
    const files = this.#files.list;
    if (byId('send').disabled) return;
    byId('words').value = '';
    this.#files.show([]);
    this.#allow();
    this.#send(words, files);
  }

  // The text is on the phone at once; whether Porchlight took it, the log tells. One that could not even be sent
  // comes back into the field.
  async #send(words, files) {
    const { number, line } = this.#phone;
    try {
      const media = await Promise.all(files.map(encode));
      await api.send({ from: number, to: line.number, body: words, media });
    } catch (error) {
      if (number !== this.#phone.number) return;
      if (byId('words').value === '' && !QUICK.includes(words)) byId('words').value = words;
      if (this.#files.list.length === 0) this.#files.show(files);
      this.#allow();
      this.#note(`Not sent. ${error.message}`);
    }
  }
}
