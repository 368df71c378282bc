// Chrome's page translation puts a <font> in the place of each text. What is drawn afterwards is seen all the same.
import { render } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';

import { watchTranslation } from '../../src/app/translation';
import Live from './Live.svelte';

watchTranslation();

/** The ways in which a text can be replaced. */
const WAYS: Record<string, (text: Text) => void> = {
  'taken out': (text) => text.replaceWith(font(translated(text))),
  'taken out after its translation has come': (text) => {
    text.before(font(translated(text)));
    text.remove();
  },
  wrapped: (text) => {
    const inner = document.createElement('font');
    text.replaceWith(font(inner));
    inner.append(text);
    text.data = translated(text);
  },
};

const translated = (text: Text) => `«${text.data}»`;
function font(content: string | Node): Element {
  const [outer, inner] = [document.createElement('font'), document.createElement('font')];
  inner.append(content);
  outer.append(inner);
  return outer;
}

async function translate(root: Element, way: (text: Text) => void): Promise<void> {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) if (text.data.trim()) way(text);
  await settled();
}

/** Both what is drawn and what the watch does about it come in microtasks. */
async function settled(): Promise<void> {
  for (let i = 0; i < 4; i++) await tick();
}

const shown = (root: Element) => root.textContent?.replace(/\s+/g, ' ').trim();

describe.each(Object.entries(WAYS))('a page whose texts are %s', (_, way) => {
  async function draw() {
    const { container, rerender } = render(Live, { words: 'Sending', items: ['one', 'two'], extra: true });
    await translate(container, way);
    return { container, rerender };
  }

  it('shows the translation', async () => {
    const { container } = await draw();
    expect(shown(container)).toMatch(/^«Sending.*now».*«one»«two».*«also.*«more»$/);
  });

  it('shows new words in the place of the old ones', async () => {
    const { container, rerender } = await draw();
    await rerender({ words: 'Delivered' });
    await settled();
    expect(shown(container)).toContain('Delivered');
    expect(shown(container)).not.toContain('Sending');
  });

  it('shows nothing where words are no more', async () => {
    const { container, rerender } = await draw();
    await rerender({ words: '', extra: false });
    await settled();
    expect(shown(container)).toMatch(/^«·» «now» ?«one»«two»$/);
  });

  it('keeps the order of what moves, goes and comes', async () => {
    const { container, rerender } = await draw();
    await rerender({ items: ['two', 'three', 'one'] });
    await settled();
    expect(shown(container)?.replace(/[«»]/g, '')).toContain('twothreeone');
    await rerender({ items: ['three'] });
    await settled();
    expect(shown(container)?.replace(/[«»]/g, '')).toMatch(/^Sending · now ?three ?also more$/);
  });

  it('goes on when it is translated again', async () => {
    const { container, rerender } = await draw();
    await rerender({ words: 'Sent' });
    await settled();
    await translate(container.querySelector('p')!, (text) => text.replaceWith(font(translated(text))));
    await rerender({ words: 'Delivered' });
    await settled();
    expect(shown(container)).toContain('Delivered');
    expect(shown(container)).not.toContain('Sent');
  });
});
