// Every width and a phone on its side: what matters stays whole, what gives way gives way in its turn, nothing lies over
// anything else, and a finger finds what it is to press.
import type { Locator, Page } from '@playwright/test';

import { composer, expect, listOf, open, picture, rowOf, rows, test } from './inbox';
import { Office, Somebody } from './office';

type Options = NonNullable<Parameters<import('@playwright/test').Browser['newContext']>[0]>;

const TOUCH = { hasTouch: true, isMobile: true };
const SIZES: Record<string, Options> = {
  '1440': { viewport: { width: 1440, height: 900 } },
  '1100': { viewport: { width: 1100, height: 800 } },
  '820': { viewport: { width: 820, height: 1180 } },
  '820 under a finger': { viewport: { width: 820, height: 1180 }, ...TOUCH },
  // The smallest iPad: the list and the thread, side by side.
  '744 under a finger': { viewport: { width: 744, height: 1133 }, ...TOUCH },
  '390': { viewport: { width: 390, height: 844 }, ...TOUCH },
  '844 on its side': { viewport: { width: 844, height: 390 }, ...TOUCH },
  '200 %': { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 },
};
const isPhone = ({ viewport }: Options) => viewport!.width < 700 || viewport!.height < 480;

const NAME = 'Wilhelmina Width';

/** Texts that are not shown whole. */
const cut = (part: Locator) =>
  part.evaluateAll((elements) =>
    elements
      .filter((element) => {
        const line = element.parentElement!.getBoundingClientRect();
        const own = element.getBoundingClientRect();
        return (
          element.scrollWidth > element.clientWidth + 1 ||
          own.bottom > line.bottom + 4 ||
          own.right > line.right + 1
        );
      })
      .map((element) => element.textContent),
  );

/** Pairs of what can be pressed, or read on one line, that lie over each other. */
const overlaps = (page: Page, selector: string) =>
  page.evaluate((selector) => {
    const shown = [...document.querySelectorAll(selector)].filter((element) =>
      element.checkVisibility({ visibilityProperty: true }),
    );
    const found: string[] = [];
    shown.forEach((a, i) =>
      shown.slice(i + 1).forEach((b) => {
        if (a.contains(b) || b.contains(a)) return;
        const [one, two] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
        const [width, height] = [
          Math.min(one.right, two.right) - Math.max(one.left, two.left),
          Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top),
        ];
        if (width > 1 && height > 1)
          found.push(`${a.outerHTML.slice(0, 90)} and ${b.outerHTML.slice(0, 90)}`);
      }),
    );
    return found;
  }, selector);

/** What is smaller than a finger. Links within a text are as high as its line. */
const small = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, a[href], input, textarea, [role=option]')]
      .filter(
        (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('.bubble'),
      )
      .map((element) => ({ element: element.closest('label') ?? element, html: element.outerHTML }))
      .filter(({ element }) => {
        const { width, height, left } = element.getBoundingClientRect();
        // What is for the keyboard alone is clipped until it has the focus.
        return left >= 0 && getComputedStyle(element).clipPath === 'none' && (width < 43.5 || height < 43.5);
      })
      .map(({ html }) => html.slice(0, 160)),
  );

test.beforeAll(async () => {
  const { id, office, phone } = await Somebody.named(NAME);
  const { customer } = await office.with(phone.number);
  await office.job(customer!.id, 104_233, 'A job with a long number');
  const { staff } = await office.ask<{ staff: { id: string; name: string }[] }>('GET', '/api/me');
  const luis = staff.find(({ name }) => name === 'Luis Ortega')!;
  await office.ask('PUT', `/api/conversations/${id}/assignee`, {
    id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    assignee: luis.id,
  });
  await (await Office.signIn('office')).act(id, 'done');
});

for (const [size, options] of Object.entries(SIZES)) {
  test(`the list: ${size}`, async ({ windowOf }) => {
    const page = await windowOf('office', options);
    await expect(rows(page).first()).toBeVisible();
    await picture(page, `widths-list-${size.replace(/ .*/, '')}${options.hasTouch ? '-touch' : ''}`);
    expect(await cut(listOf(page).getByRole('heading', { level: 1 })), 'beside its button').toEqual([]);
    const parts = listOf(page).locator('.row');
    // The name may be longer than any window; what follows it on its line stays.
    expect(await cut(parts.locator('.top time'))).toEqual([]);
    expect(await cut(parts.locator('.facts > span:not(.rest)'))).toEqual([]);
    expect(
      await overlaps(page, '.row .top > *, .row .meta > *, .row .snip, .row .count, .row > .face'),
    ).toEqual([]);
    const chip = rowOf(page, NAME).first().locator('.wait .face');
    await chip.scrollIntoViewIfNeeded();
    expect((await chip.boundingBox())!.height).toBeLessThanOrEqual(24);
    if (options.hasTouch) expect(await small(page)).toEqual([]);
    await expect(page.getByRole('navigation', { name: 'Main' })).toHaveClass(
      isPhone(options) ? /tabbar/ : /rail/,
    );
  });

  test(`a thread: ${size}`, async ({ windowOf }) => {
    const page = await windowOf('office', options);
    await open(page, NAME);
    await expect(composer(page)).toBeVisible();
    await picture(page, `widths-thread-${size.replace(/ .*/, '')}${options.hasTouch ? '-touch' : ''}`);
    const bar = page.locator('.thread > .bar');
    expect(await cut(bar.locator('.title'))).toEqual([]);
    expect(await cut(bar.locator('.second > span').first())).toEqual([]);
    expect(await overlaps(page, '.thread > .bar > *, .thread > .bar button, .thread > .bar a')).toEqual([]);
    // A phone's pill has one tool in it, beside the words: what sends stands next to it.
    const tools = isPhone(options) ? '.composer .send' : '.composer .tools';
    expect(await overlaps(page, `.composer .head, .composer textarea, ${tools}, .composer .kept`)).toEqual(
      [],
    );
    if (options.hasTouch) expect(await small(page)).toEqual([]);
    // On a phone one is in the list or in a thread.
    await expect(listOf(page)).toBeVisible({ visible: !isPhone(options) });
    const log = (await page.getByRole('log').boundingBox())!;
    expect(log.height).toBeGreaterThan(120);
  });
}

test('a badge goes before the name is cut, and the assignee is a disc where there is little room', async ({
  windowOf,
}) => {
  const page = await windowOf('office', { viewport: { width: 1440, height: 900 } });
  await open(page, NAME);
  const [name, assignee] = [page.locator('.bar .title'), page.locator('.bar .assign button')];
  await expect(assignee).toHaveText(/Luis Ortega/);
  const wide = (await assignee.boundingBox())!.width;
  for (let width = 1430; width >= 780; width -= 50) {
    await page.setViewportSize({ width, height: 900 });
    expect(await cut(name), `at ${width}`).toEqual([]);
  }
  await expect.poll(async () => (await assignee.boundingBox())!.width).toBeLessThan(wide / 2);
  await expect(assignee).toHaveAccessibleName(/Luis Ortega/);
});
