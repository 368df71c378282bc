// Files that go with the next text.

import { byId, el, icon } from './dom.js';
import { size } from './words.js';

const MOST = 10;
const MOST_BYTES = 5 * 1024 * 1024;

export class Files {
  #files = [];
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  get list() {
    return this.#files;
  }

  // Shows another phone's files.
  show(files) {
    this.#files = files;
    this.#draw();
  }

  // Adds what fits; otherwise throws words that say why not.
  add(files) {
    const all = [...this.#files, ...files];
    const bytes = all.reduce((sum, file) => sum + file.size, 0);
    if (all.length > MOST) throw new Error(`A text takes ${MOST} files at most.`);
    if (bytes > MOST_BYTES) throw new Error(`${size(bytes)} is over 5 MB, the most that a text takes.`);
    this.show(all);
    this.#changed();
  }

  #remove(file) {
    this.show(this.#files.filter((other) => other !== file));
    this.#changed();
    byId('words').focus();
  }

  #draw() {
    const list = byId('files');
    for (const picture of list.querySelectorAll('img')) URL.revokeObjectURL(picture.src);
    const other = el('button', { type: 'button', class: 'chip', onclick: () => byId('pick').click() }, 'Add your own');
    list.hidden = this.#files.length === 0;
    list.replaceChildren(...this.#files.map((file) => this.#item(file)), el('li', { class: 'own' }, other));
  }

  #item(file) {
    const shown = file.type.startsWith('image/') ? el('img', { src: URL.createObjectURL(file), alt: '' }) : null;
    const off = el('button', { type: 'button', class: 'off', 'aria-label': `Remove ${file.name}`, onclick: () => this.#remove(file) }, icon('x'));
    return el('li', { title: `${file.name}, ${size(file.size)}` }, shown, el('bdi', {}, file.name), off);
  }
}

// As the control API takes it: the bytes as base64.
export function encode(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve({ content_type: file.type || 'application/octet-stream', bytes: reader.result.slice(reader.result.indexOf(',') + 1) }));
    reader.addEventListener('error', () => reject(new Error(`${file.name} cannot be read.`)));
    reader.readAsDataURL(file);
  });
}

// The photo that every phone here has.
export async function sample() {
  const response = await fetch('/assets/photo.jpg');
  return new File([await response.blob()], 'water-heater.jpg', { type: 'image/jpeg' });
}
