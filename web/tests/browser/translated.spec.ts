// A page that Chrome translates: each text is replaced by a <font> with other words, also what comes later. What changes
// live is seen all the same.
import type { Page } from '@playwright/test';

import { bubble, composer, expect, listOf, open, rowOf, test } from './inbox';
import { Somebody } from './office';

/** As Chrome does it; the translation of "now" is "⟦now⟧". */
async function translate(page: Page): Promise<void> {
  await page.evaluate(() => {
    const done = new WeakSet<Node>();
    const font = (content: string | Node) => {
      const element = document.createElement('font');
      element.append(content);
      return element;
    };
    const swap = (text: Text) => {
      if (!text.data.trim() || done.has(text.parentNode!) || text.parentElement?.closest('[translate=no]'))
        return;
      const inner = font(`⟦${text.data}⟧`);
      done.add(inner);
      text.replaceWith(font(inner));
    };
    const all = (root: Node) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const texts = root instanceof Text ? [root] : [];
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      texts.forEach(swap);
    };
    all(document.body);
    new MutationObserver((changes) =>
      changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => node.isConnected && all(node))),
    ).observe(document.body, { childList: true, subtree: true });
  });
}

const numberIn = (text: string | null) => Number(/\d+/.exec(text ?? '')?.[0]);

test('a translated page goes on: rows, tally, bubbles, states and toasts', async ({ windowOf }) => {
  const { phone } = await Somebody.named('Tilda Trans');
  const page = await windowOf('office');
  await open(page, 'Tilda Trans');
  await translate(page);
  const row = rowOf(page, 'Tilda Trans').first();
  await expect(row).toContainText('⟦Hello from Tilda Trans⟧');
  const tally = page.locator('.tally span').first();
  await expect(tally).toContainText('⟦');
  const total = numberIn(await tally.textContent());

  // A message comes in: the row says it, and no longer what it said before.
  await phone.text('The second thing');
  await expect(row).toContainText('The second thing');
  await expect(row).not.toContainText('Hello from');
  await expect(page.getByRole('log')).toContainText('The second thing');

  // One goes out, and its state moves on.
  // Its label is translated too.
  const box = page.getByRole('textbox', { name: /Message to/ });
  await box.fill('On our way');
  await box.press('Enter');
  await expect(row).toContainText('On our way');
  const ours = bubbleLike(page, 'On our way');
  await expect(ours).toContainText('Delivered');
  await expect(ours).not.toContainText('Sending');
  await expect(ours).not.toContainText('Queued');

  // Somebody new is counted.
  const ulla = `Ulla ${Date.now()}`;
  await Somebody.named(ulla);
  await expect.poll(async () => numberIn(await tally.textContent())).toBe(total + 1);
  expect(await tally.textContent()).not.toContain(String(total) + ' ');

  // A toast says what was done, and the next one says the next.
  await box.press('Escape');
  await page.keyboard.press('u');
  await expect(page.locator('.stack')).toContainText('Marked unread: Tilda Trans');
  await page.keyboard.press('e');
  await expect(page.locator('.stack')).toContainText('Done: nobody waits here');

  // Another thread, and a search.
  await open(page, ulla);
  await expect(page.getByRole('log')).toContainText(`Hello from ${ulla}`);
  await expect(page.getByRole('log')).not.toContainText('The second thing');
  await page.keyboard.press('/');
  await page.getByRole('searchbox').fill(ulla);
  await expect(listOf(page).getByRole('listitem')).toHaveCount(1);
  await page.getByRole('searchbox').fill('');
  await expect.poll(() => listOf(page).getByRole('listitem').count()).toBeGreaterThan(1);
});

const bubbleLike = (page: Page, text: string) =>
  page.getByRole('log').getByRole('article').filter({ hasText: text }).last();

test('the same words twice are read out twice', async ({ windowOf }) => {
  const { phone } = await Somebody.named('Twyla Same');
  const page = await windowOf('office');
  await open(page, 'Twyla Same');
  const news = page.locator('[aria-live=polite]', { hasText: 'Twyla: Are you there?' });
  // What a screen reader reads: each addition to the live region.
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    new MutationObserver((changes) => {
      for (const { addedNodes, target, type } of changes)
        if (
          (type === 'characterData' ? target.parentElement : (target as Element))?.closest(
            '[aria-live=polite]',
          )
        )
          heard.push(
            ...[...(type === 'characterData' ? [target] : addedNodes)].map((node) => node.textContent ?? ''),
          );
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  const said = () =>
    page.evaluate(() =>
      (window as unknown as { heard: string[] }).heard.filter((words) => words.includes('Are you there?')),
    );
  await phone.text('Are you there?');
  await expect(news).toHaveCount(1);
  await expect.poll(said).toHaveLength(1);
  await phone.text('Are you there?');
  await expect(bubble(page, 'Are you there?')).toHaveCount(2);
  await expect.poll(said).toHaveLength(2);
});

test('fields under a finger are large enough that the page stays where it is', async ({ windowOf }) => {
  const page = await windowOf('office', {
    viewport: { width: 820, height: 1180 },
    hasTouch: true,
    isMobile: true,
  });
  await rowOf(page, 'Maria Delgado').first().click();
  await expect(composer(page)).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeVisible();
  const sizes = await page
    .locator('input, textarea, select')
    .evaluateAll((fields) => fields.map((field) => parseFloat(getComputedStyle(field).fontSize)));
  expect(sizes.length).toBeGreaterThan(2);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(16);
});
