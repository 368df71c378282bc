// Everything by keyboard alone, with the focus always in sight; less motion, forced colours, and the order in which a
// screen reader reads.
import type { Page } from '@playwright/test';

import {
  accessible,
  bubble,
  composer,
  expect,
  open,
  picture,
  rowOf,
  rows,
  test,
  unreadOf,
  userOf,
} from './inbox';
import { Somebody } from './office';

/** How the focused element shows that it is: by an outline of its own or of the field around it. */
const focusShown = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return 'nothing is focused';
    for (let part: Element | null = focused, up = 0; part && up < 4; part = part.parentElement, up++) {
      const { outlineStyle, outlineWidth } = getComputedStyle(part);
      if (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) return 'shown';
    }
    return `not shown: ${focused.outerHTML.slice(0, 120)}`;
  });

const focused = (page: Page) => page.locator(':focus');

/** By the palette, as whoever forgot the key. */
async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox')).toBeHidden();
}

test('a day’s work by keyboard alone', async ({ page }) => {
  test.setTimeout(90_000);
  const kit = await Somebody.named('Kit Keys');
  const { email, password } = userOf('office');

  await page.goto('/');
  await expect(page.getByLabel('Email')).toBeFocused();
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'Kit Keys')).toBeVisible();

  // Find and open.
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('Kit Keys');
  await expect(page.getByRole('listitem')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(focused(page)).toContainText('Kit Keys');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('Hello from Kit Keys');

  // Reply.
  await page.keyboard.press('r');
  await expect(composer(page)).toBeFocused();
  await page.keyboard.type('First line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article').filter({ hasText: 'second line' })).toContainText('Delivered');
  expect(await kit.phone.received()).toEqual(['First line\nsecond line']);
  await kit.phone.text('And when?');
  await expect(bubble(page, 'And when?')).toBeVisible();

  // Done, by its key, once out of the box.
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await expect.poll(async () => (await kit.row()).attention).toBe(false);

  // Assign to Luis: the menu opens on the one that is, letters move.
  const before = (await kit.row()).assignee;
  await page.keyboard.press('a');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('l');
  await expect(focused(page)).toContainText('Luis Ortega');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await kit.row()).assignee?.name).toBe('Luis Ortega');
  await page.keyboard.press('z');
  await expect.poll(async () => (await kit.row()).assignee).toEqual(before);

  // Mark unread, close, reopen.
  await page.keyboard.press('u');
  await expect.poll(() => unreadOf(page, 'Kit Keys')).toBeGreaterThan(0);
  await command(page, 'close the thread');
  await expect.poll(async () => (await kit.row()).state).toBe('closed');
  await command(page, 'reopen');
  await expect.poll(async () => (await kit.row()).state).toBe('open');

  // Out again, to the row one came from; and down the list.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('log')).toBeHidden();
  await expect(focused(page)).toContainText('Kit Keys');
  await page.keyboard.press('Escape');
  await expect(rowOf(page, 'Maria Delgado')).toBeVisible();
  await page.keyboard.press('j');
  await expect(focused(page)).toHaveRole('link');
  const row = () => focused(page).getAttribute('data-id');
  const first = await row();
  await page.keyboard.press('j');
  await expect.poll(row).not.toBe(first);
  await page.keyboard.press('k');
  await expect.poll(row).toBe(first);
});

test('single keys can be switched off, by keyboard; Ctrl K and Esc go on', async ({ windowOf }) => {
  const page = await windowOf('office');
  await open(page, 'Maria Delgado');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(help).toBeVisible();
  const toggle = help.getByRole('switch');
  for (let tabs = 0; tabs < 6 && !(await toggle.evaluate((one) => one === document.activeElement)); tabs++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(toggle).toHaveAttribute('aria-checked', 'false');
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await page.keyboard.press('?');
  await page.keyboard.press('/');
  await expect(help).toBeHidden();
  await expect(page.getByRole('searchbox')).not.toBeFocused();
  await page.reload();
  await expect(rowOf(page, 'Maria Delgado')).toBeVisible();
  await page.keyboard.press('?');
  await expect(help).toBeHidden();
  await page.keyboard.press('Control+k');
  const moves = page.getByRole('option', { name: 'Next and previous conversation' });
  await expect(moves).toBeVisible();
  await expect(moves.locator('kbd')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await command(page, 'all shortcuts');
  await expect(help).toBeVisible();
  for (let tabs = 0; tabs < 6 && !(await toggle.evaluate((one) => one === document.activeElement)); tabs++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(toggle).toHaveAttribute('aria-checked', 'true');
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await page.keyboard.press('?');
  await expect(help).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(moves.locator('kbd')).toHaveText(['J', 'K']);
});

test('a tip says what a button does and by which key: to the pointer, and at a stop of Tab', async ({
  windowOf,
}) => {
  const page = await windowOf('office');
  await open(page, 'Maria Delgado');
  const tip = page.locator('.tip');
  const done = page.getByRole('button', { name: 'Done (e)' });
  // What draws it comes after the thread: a pointer that rested there before moves once more.
  await expect(async () => {
    await page.mouse.move(0, 0);
    await done.hover();
    await expect(tip).toHaveText('DoneE', { timeout: 2000 });
  }).toPass();
  await expect(tip).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Escape');
  await expect(tip).toBeHidden();
  await page.mouse.move(0, 0);
  await page.getByRole('searchbox').focus();
  const stop = page.getByRole('button', { name: 'Order and assignment' });
  await page.keyboard.press('Tab');
  await expect(stop).toBeFocused();
  await expect(tip).toHaveText('Order and assignment');
  await accessible(page);
  await page.keyboard.press('Tab');
  await expect(tip).toBeHidden();
});

test('from the head of a thread one Tab leads past its bubbles, to the reply', async ({ windowOf }) => {
  const page = await windowOf('office');
  await open(page, 'Maria Delgado');
  await page.getByRole('button', { name: 'Customer panel (])' }).focus();
  await page.keyboard.press('Tab');
  await expect(focused(page)).toHaveText('Skip to the reply');
  expect(await focusShown(page)).toBe('shown');
  await page.keyboard.press('Enter');
  await expect(composer(page)).toBeFocused();
  await page.goto('/me');
  await expect(page.getByRole('heading', { name: 'Me' })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(focused(page)).toHaveText('Skip to the page');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('rows grow with the type that a reader has chosen', async ({ windowOf }) => {
  const page = await windowOf('office');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
  await page.reload();
  const two = [rows(page).nth(0), rows(page).nth(1)] as const;
  await expect(two[1]).toBeVisible();
  const [first, second] = [await two[0].boundingBox(), await two[1].boundingBox()];
  expect(first?.height).toBe(144);
  expect(second?.y).toBe((first?.y ?? 0) + 144);
  const words = await two[0].locator('.meta').boundingBox();
  expect((words?.y ?? 0) + (words?.height ?? 0)).toBeLessThan(second?.y ?? 0);
});

test('the focus is in sight at every stop of Tab', async ({ windowOf }) => {
  const page = await windowOf('admin');
  await open(page, 'Maria Delgado');
  // Loaded anew, Tab begins at the top.
  await page.goto(page.url());
  await expect(composer(page)).toBeVisible();
  const stops = new Set<string>();
  for (let tabs = 0; tabs < 80; tabs++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const { activeElement: at } = document;
      return at && at !== document.body
        ? (
            at.getAttribute('aria-label') ??
            at.getAttribute('placeholder') ??
            at.getAttribute('title') ??
            at.textContent ??
            ''
          )
            .trim()
            .slice(0, 60) + at.tagName
        : null;
    });
    if (stop === null) break;
    expect(await focusShown(page), stop).toBe('shown');
    stops.add(stop);
  }
  const met = [...stops].join('\n');
  for (const part of [
    'Keyboard shortcuts',
    'Search conversations',
    'Order and assignment',
    'Archived',
    'Done (e)',
    'More',
    'Customer panel',
    'Messages with Maria Delgado',
    'Write to Maria',
    'Call',
  ])
    expect(met).toContain(part);
});

test('a dialog keeps the focus and gives it back', async ({ windowOf }) => {
  const page = await windowOf('office');
  await open(page, 'Maria Delgado');
  await page.keyboard.press('r');
  await expect(composer(page)).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  for (let tabs = 0; tabs < 6; tabs++) {
    await page.keyboard.press('Tab');
    // The dialog, or the browser's own frame: never the page behind.
    expect(
      await page.evaluate(
        () => document.activeElement?.closest('dialog') !== null || document.activeElement === document.body,
      ),
    ).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(composer(page)).toBeFocused();
});

test('the drawer keeps the focus, and the way back closes it before the thread', async ({ windowOf }) => {
  const page = await windowOf('office', { viewport: { width: 390, height: 844 }, hasTouch: true });
  await open(page, 'Maria Delgado');
  const drawer = page.getByRole('complementary', { name: 'Customer' });
  const show = async () => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Customer' }).click();
    await expect(drawer.getByRole('button', { name: 'Close' })).toBeFocused();
  };
  await show();
  for (let tabs = 0; tabs < 12; tabs++) {
    await page.keyboard.press('Tab');
    expect(
      await page.evaluate(
        () => document.activeElement?.closest('aside') !== null || document.activeElement === document.body,
      ),
    ).toBe(true);
  }
  await page.goBack();
  await expect(drawer).toBeHidden();
  await expect(page.getByRole('log')).toBeVisible();
  await show();
  await drawer.getByRole('button', { name: 'Close' }).click();
  await expect(drawer).toBeHidden();
  await expect(page.getByRole('log')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('log')).toBeHidden();
  await expect(rowOf(page, 'Maria Delgado')).toBeVisible();
});

test('who signs in again is where they were writing', async ({ windowOf }) => {
  const page = await windowOf('office');
  await open(page, 'Maria Delgado');
  await page.context().clearCookies();
  await page.keyboard.press('u');
  await expect(page.getByRole('alert')).toContainText('Your session ended');
  await expect(page.getByRole('textbox', { name: 'Password' })).toBeFocused();
  await page.keyboard.type(userOf('office').password);
  await page.keyboard.press('Enter');
  await expect(composer(page)).toBeFocused();
});

test('who wants less motion gets none', async ({ windowOf }) => {
  const page = await windowOf('office', { reducedMotion: 'reduce' });
  await open(page, 'Maria Delgado');
  const moving = () =>
    page.evaluate(() => {
      const seconds = (times: string) =>
        Math.max(...times.split(',').map((time) => parseFloat(time) * (time.includes('ms') ? 0.001 : 1)));
      const moves = [...document.querySelectorAll('*')].filter((part) => {
        const { transitionDuration, animationDuration, animationName } = getComputedStyle(part);
        return (
          seconds(transitionDuration) > 0.011 ||
          (animationName !== 'none' && seconds(animationDuration) > 0.011)
        );
      });
      return moves.map((part) => part.outerHTML.slice(0, 80));
    });
  expect(await moving()).toEqual([]);
  await page.keyboard.press('Control+k');
  expect(await moving()).toEqual([]);
  expect(
    await page.evaluate(() => getComputedStyle(document.querySelector('[role=log]')!).scrollBehavior),
  ).toBe('auto');
});

test('in forced colours the selection, the focus, the counts and the states are still told apart', async ({
  windowOf,
}) => {
  const page = await windowOf('office', { forcedColors: 'active', colorScheme: 'dark' });
  await Somebody.named('Fay Contrast');
  await open(page, 'Maria Delgado');
  await expect(rowOf(page, 'Fay Contrast')).toBeVisible();
  const marked = (selector: string) =>
    page.evaluate((one) => {
      const part = document.querySelector(one);
      if (!part) return `no ${one}`;
      const { backgroundColor, borderStyle, borderWidth, outlineStyle, forcedColorAdjust } =
        getComputedStyle(part);
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.backgroundColor = 'Canvas';
      const canvas = getComputedStyle(probe).backgroundColor;
      probe.remove();
      const own = backgroundColor !== 'rgba(0, 0, 0, 0)' && backgroundColor !== canvas;
      const edged = (borderStyle !== 'none' && parseFloat(borderWidth) > 0) || outlineStyle !== 'none';
      return own || edged || forcedColorAdjust === 'none' ? 'marked' : `not marked: ${one}`;
    }, selector);
  const parts = [
    '.row[aria-current=true]',
    '.filters [aria-pressed=true]',
    '.count',
    '.bubble',
    '.out .bubble',
    '.box',
  ];
  expect(await Promise.all(parts.map(marked))).toEqual(parts.map(() => 'marked'));
  await page.keyboard.press('Tab');
  expect(await focusShown(page)).toBe('shown');
  await accessible(page);
  await picture(page, 'inbox-forced-colours');
});

test('a screen reader meets the parts in the order of the work', async ({ windowOf }) => {
  const page = await windowOf('office');
  await open(page, 'Maria Delgado');
  await expect(page.getByRole('complementary', { name: 'Customer' })).toBeVisible();
  const read = await page.locator('body').ariaSnapshot();
  const order = [
    'navigation "Main"',
    'link "Skip to the conversations"',
    'main',
    'region "Conversations"',
    'heading "Conversations" [level=1]',
    'searchbox "Search conversations"',
    'group "Filter"',
    'button "All" [pressed]',
    'list',
    'listitem',
    'region "Conversation with Maria Delgado"',
    'heading "Maria Delgado" [level=2]',
    'button "Done (e)"',
    'log "Messages with Maria Delgado"',
    'article "Maria"',
    'textbox "Message to Maria Delgado"',
    '\'button "Send is off: nothing is written yet"',
    'complementary "Customer"',
    'heading "Customer" [level=2]',
  ];
  const places = order.map((part) => read.indexOf(`- ${part}`));
  expect(order.filter((_, at) => places[at] === -1)).toEqual([]);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  // A row says who, by which channel, how many are unread, when, what: in one breath.
  expect(read).toMatch(/link "[^"]*Maria Delgado ?, SMS/);
  // A bubble says whose it is, and when.
  expect(read).toMatch(/article "Luis":[\s\S]*?Luis here\. I can come/);
});

test('what comes in while a thread is open is read out, once', async ({ windowOf }) => {
  const nell = await Somebody.named('Nell Hears');
  const page = await windowOf('office');
  await open(page, 'Nell Hears');
  await nell.phone.text('Can you hear me?');
  await expect(page.locator('[aria-live=polite]').filter({ hasText: 'Nell: Can you hear me?' })).toHaveCount(
    1,
  );
});

test('a key pressed right after Esc has closed a dialog is heard', async ({ windowOf }) => {
  const page = await windowOf('office');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  for (let i = 0; i < 10; i++) {
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox')).toBeFocused();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await expect(help).toBeVisible();
    await page.keyboard.press('Escape');
  }
});
