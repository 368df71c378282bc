// Elements made one by one: no string ever becomes markup.

export const byId = (id) => document.getElementById(id);

// el('button', { class: 'btn', onclick }, 'Words', child): properties that start with "on" are listeners.
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, '');
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

export function icon(name, size = 's') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `i ${size}`);
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

export function badge(tone, symbol, words, title) {
  return el('span', { class: `badge ${tone}`, title }, icon(symbol), el('span', { dir: 'auto' }, words));
}

export function empty(symbol, title, words) {
  return [icon(symbol, ''), el('h3', {}, title), el('p', {}, words)];
}

// At most one run per wait, and always one after the last call; one at a time.
export function calmly(wait, run) {
  let timer = null;
  let running = false;
  const begin = async () => {
    timer = null;
    if (running) {
      timer = setTimeout(begin, wait);
      return;
    }
    running = true;
    // Without an answer the connection is gone too, says so, and reads everything anew when it is back.
    await run().catch(() => {});
    running = false;
  };
  return () => {
    timer ??= setTimeout(begin, wait);
  };
}

// Words for people who listen instead of look.
export function say(words) {
  byId('status').textContent = words;
}
