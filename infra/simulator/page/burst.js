// Twenty texts at once, from twenty phones.

import { api } from './api.js';
import { byId, say } from './dom.js';
import { count } from './words.js';

const MANY = 20;
const SHOWN_MS = 6_000;

export function burst() {
  const button = byId('burst');
  const words = button.querySelector('span');
  const usual = words.textContent;
  let back = 0;
  const show = (text) => {
    words.textContent = text;
    say(text);
  };
  button.addEventListener('click', async () => {
    clearTimeout(back);
    button.disabled = true;
    show(`Sending ${MANY}…`);
    try {
      const sent = await api.burst(MANY);
      show(`${sent.filter((text) => text.webhook?.accepted).length} of ${count(sent.length, 'text')} taken`);
    } catch (error) {
      show('Not sent');
      say(error.message);
      button.title = error.message;
    }
    button.disabled = false;
    back = setTimeout(() => {
      words.textContent = usual;
    }, SHOWN_MS);
  });
}
