// What the browser tests share: windows with a watch over the page's policy, finding things by what people see, and
// what of a screen must be the same on every screen.
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type BrowserContext, type Locator, type Page } from '@playwright/test';

export interface User {
  role: 'admin' | 'office' | 'technician';
  id: string;
  email: string;
  password: string;
}

export interface System {
  url: string;
  simulator_url: string;
  business_id: string;
  line: string;
  users: User[];
}

/** The system as `cargo run -- --json` describes it, or the mock when nobody says. */
export const system: System = process.env['SIGN_IN']
  ? (JSON.parse(process.env['SIGN_IN']) as System)
  : {
      url: '',
      simulator_url: '',
      business_id: '',
      line: '+12075550142',
      users: [{ role: 'office', id: '', email: 'ana@harbor.example', password: 'porchlight-on' }],
    };

export function userOf(role: User['role']): User {
  const user = system.users.find((one) => one.role === role) ?? system.users[0];
  if (!user) throw new Error('nobody can sign in');
  return user;
}

/** Kills the server under test, or starts it again. */
export async function server(act: 'kill' | 'start'): Promise<void> {
  const answer = await fetch(`${process.env['CONTROL']}/${act}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`${act}: ${answer.status}`);
}

/** The browser's own note of an answer that was no success: many tests ask for one. */
const REFUSED = /^Failed to load resource: /;

/** Notes what breaks the content security policy, what throws or is rejected unheard, and errors on the console. */
async function watch(context: BrowserContext, wrong: string[]): Promise<void> {
  await context.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`),
    ),
  );
  context.on('page', (page) => {
    page.on('pageerror', (error) => wrong.push(error.stack ?? error.message));
    page.on('dialog', (dialog) => wrong.push(`a dialog: ${dialog.message()}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !REFUSED.test(message.text())) wrong.push(message.text());
    });
  });
}

type Options = Parameters<import('@playwright/test').Browser['newContext']>[0];

interface Fixtures {
  /** What broke the policy, was thrown, or stood on the console as an error, in any window of the test. */
  wrong: string[];
  /** Watches another browser too. */
  watched: typeof watch;
  /** Another browser, signed in. */
  windowOf: (role: User['role'], options?: Options) => Promise<Page>;
}

/** A test fails when one of its windows breaks the content security policy, throws, complains, or asks by a dialog. */
export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern
  wrong: async ({}, use) => {
    const wrong: string[] = [];
    await use(wrong);
    expect(wrong).toEqual([]);
  },
  // eslint-disable-next-line no-empty-pattern
  watched: async ({}, use) => use(watch),
  context: async ({ context, wrong }, use) => {
    await watch(context, wrong);
    await use(context);
  },
  windowOf: async ({ browser, wrong }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (role, options = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      await watch(context, wrong);
      const page = await context.newPage();
      await signIn(page, role);
      return page;
    });
    for (const context of contexts) await context.close();
  },
});

export { expect };

export async function signIn(page: Page, role: User['role'] = 'office'): Promise<void> {
  await page.goto('/');
  await fillSignIn(page, role);
  await expect(page.getByRole('heading', { name: 'Conversations' })).toBeVisible();
  await expect(rows(page).first()).toBeVisible();
}

export async function fillSignIn(page: Page, role: User['role']): Promise<void> {
  const user = userOf(role);
  await page.getByLabel('Email').fill(user.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export const listOf = (page: Page): Locator =>
  page.getByRole('region', { name: 'Conversations', exact: true });
export const rows = (page: Page): Locator => listOf(page).getByRole('listitem');

/** A row of the list. */
export const rowOf = (page: Page, name: string): Locator =>
  listOf(page).getByRole('link', { name: new RegExp(`^\\S+ ?${escape(name)}|^${escape(name)}`) });

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What is unread of a row that is in sight; 0 without a count. */
export async function unreadOf(page: Page, name: string): Promise<number> {
  await expect(rowOf(page, name).first()).toBeVisible();
  return numberIn(rowOf(page, name).first().locator('.count'));
}

/** What a count says now; 0 where it has gone, even since it was looked for. */
const numberIn = async (count: Locator): Promise<number> => Number((await count.allInnerTexts())[0] ?? 0);

/** The numbers on the screen: all, those that need attention, unread. */
export async function countsOf(page: Page): Promise<{ total: number; attention: number; unread: number }> {
  const tally = await page.locator('.tally').innerText();
  return {
    total: Number(/(\d+) total/.exec(tally)?.[1]),
    attention: Number(/(\d+) needs? attention/.exec(tally)?.[1] ?? 0),
    unread: await numberIn(page.getByTestId('unread-badge')),
  };
}

/** Scrolls the list until the row is there: rows out of sight are not drawn. */
async function reach(page: Page, name: string): Promise<void> {
  const list = listOf(page).locator('.rows');
  await expect(async () => {
    if ((await rowOf(page, name).count()) > 0) return;
    const isEnd = await list.evaluate((box) => {
      const before = box.scrollTop;
      box.scrollTop += box.clientHeight / 2;
      if (box.scrollTop === before) box.scrollTop = 0;
      return box.scrollTop === before;
    });
    expect(isEnd, `${name} is further down, or not there yet`).toBe(null);
  }).toPass({ intervals: [100], timeout: 45_000 });
}

export async function open(page: Page, name: string): Promise<void> {
  await reach(page, name);
  await rowOf(page, name).first().click();
  await expect(page.getByRole('log', { name: `Messages with ${name}` })).toBeVisible();
}

export const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Message to/ });

export async function write(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** The bubble with exactly these words. */
export const bubble = (page: Page, text: string): Locator =>
  page
    .getByRole('log')
    .getByRole('article')
    .filter({ has: page.locator('.bubble', { hasText: new RegExp(`^${escape(text)}$`) }) });

/** Room for a whole list and a whole thread: what is out of sight is not drawn. */
export const WHOLE = { width: 1440, height: 6000 };

/** The bubbles of the thread, top to bottom, as they are read. */
export const bubblesOf = (page: Page): Promise<string[]> =>
  page.getByRole('log').locator('article .bubble').allInnerTexts();

/** Everything of a screen that must be the same on every screen: each row, and each line of the thread. */
export async function screenOf(
  page: Page,
): Promise<{ rows: string[]; lines: string[]; tally: string; title: string }> {
  const flat = (texts: string[]) => texts.map((text) => text.replace(/\s+/g, ' ').trim());
  return {
    // Who looks is another matter on each screen.
    rows: flat(
      await rows(page).evaluateAll((all) =>
        all.map((row) => {
          const copy = row.cloneNode(true) as Element;
          copy.querySelectorAll('.here').forEach((one) => one.remove());
          return copy.textContent ?? '';
        }),
      ),
    ),
    lines: flat(await page.getByRole('log').locator('article, .sys').allInnerTexts()),
    tally: (await page.locator('.tally').innerText()).replace(/\s+/g, ' '),
    title: await page.title(),
  };
}

/** No accessibility violation on the screen as it is (WCAG 2.2 AA and best practices). */
export async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html }) => html)
          .slice(0, 3)
          .join(' ')}`,
    ),
  ).toEqual([]);
}

/** Nothing sticks out to the side, of the page or of a part of it. */
export async function laidOut(page: Page): Promise<void> {
  const outside = await page.evaluate(() => {
    const parts = [
      document.documentElement,
      ...document.querySelectorAll('.rows, .log, .side, dialog, main, .composer, form'),
    ];
    return parts
      .filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0)
      .map((part) => `${part.tagName}.${part.className}: ${part.scrollWidth} > ${part.clientWidth}`);
  });
  expect(outside).toEqual([]);
}

/** Looks at the screen as it is: a picture, the layout, the accessibility. */
export type Look = (name: string) => Promise<void>;

/** Writes a picture of the screen, when somebody says where to. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENS'];
  if (!folder) return;
  // Out of the way: what the pointer rests on looks otherwise.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });
}

/** Pictures of the screen as it is, in light and in dark. */
export async function inBoth(page: Page, name: string): Promise<void> {
  if (!process.env['SCREENS']) return;
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await picture(page, `${name}-${colorScheme}`);
  }
}
