// Every screen, in light and dark, at each size and at 200 % zoom: no axe violation, nothing sticking out, a picture.
import type { Browser, BrowserContext, Page } from '@playwright/test';

import {
  accessible,
  composer,
  expect,
  laidOut,
  listOf,
  picture,
  rows,
  signIn,
  system,
  test,
  type Look,
} from './inbox';
import { Office } from './office';
import { Phone, simulator } from './phones';
import { states } from './states';

interface Size {
  /** In the names of pictures. */
  size: '' | 'tablet-' | 'phone-' | 'zoom-';
  viewport: { width: number; height: number };
  deviceScaleFactor?: number;
  isMobile?: boolean;
  hasTouch?: boolean;
  /** What axe looks at depends on the size or on the colours: not every pair has to be asked. */
  asked: ('light' | 'dark')[];
}
const SIZES: Size[] = [
  { size: '', viewport: { width: 1440, height: 900 }, asked: ['light', 'dark'] },
  { size: 'tablet-', viewport: { width: 1024, height: 768 }, asked: ['light'] },
  {
    size: 'phone-',
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
    asked: ['light', 'dark'],
  },
  // 200 % of 1440 × 900: half as many pixels to lay out in, each twice as large.
  { size: 'zoom-', viewport: { width: 720, height: 450 }, deviceScaleFactor: 2, asked: ['dark'] },
];
const FAILURE = {
  status: 503,
  contentType: 'application/problem+json',
  body: JSON.stringify({ title: 'Out for a moment', status: 503 }),
};

const STRANGER = '+12075550151';

/** What Ana is writing in the pictures: its ’ makes it dear. */
const DRAFT =
  'You’re covered: the tank, parts and today’s visit are free until November 6, 2032. Luis will be there between 2 and 4 this afternoon.';

/** What a stranger sees, then a signed-in admin, screen by screen. */
async function walk(page: Page, look: Look, phone: boolean): Promise<void> {
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await look('sign-in');
  await signIn(page, 'admin');
  await look('list');
  await thread(page, look, phone);
  await over(page, look);
  await others(page, look);
}

async function thread(page: Page, look: Look, phone: boolean): Promise<void> {
  await page.goto(`/conversations/${maria}`);
  await expect(composer(page)).toBeVisible();
  const photo = page.getByRole('log').locator('img').first();
  await expect.poll(() => photo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await composer(page).fill(DRAFT);
  await expect(page.getByText(/2 parts · ~1.7 ¢ · ’ forces unicode/)).toBeVisible();
  if (!phone) await expect(page.getByText('Draft saved')).toBeVisible();
  await look(phone ? 'thread' : 'inbox');
  if (phone || (page.viewportSize()?.width ?? 0) < 1100) {
    if (phone) {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Customer' }).click();
    } else await page.getByRole('button', { name: 'Customer panel (])' }).click();
    await expect(page.getByRole('complementary', { name: 'Customer' })).toBeVisible();
    await look('customer');
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('Escape');
}

async function over(page: Page, look: Look): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await look('palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await look('help');
  await page.keyboard.press('Escape');
}

async function others(page: Page, look: Look): Promise<void> {
  await page.goto('/conversations?q=heater');
  await expect(rows(page).locator('mark').first()).toBeVisible();
  await look('search');
  await page.goto('/conversations?q=zzzznothing');
  await expect(page.getByRole('heading', { name: /No match/ })).toBeVisible();
  await look('no-match');
  await page.goto('/conversations?filter=archived&assigned=me');
  await expect(listOf(page).getByRole('button', { name: 'Show all' })).toBeVisible();
  await look('empty');
  await page.route(/\/api\/(conversations|live)/, (route) => route.fulfill(FAILURE));
  // On a device that has kept nothing: else it shows that.
  await page.addInitScript(() => {
    const open = indexedDB.open.bind(indexedDB);
    indexedDB.open = (name, version) => {
      if (name === 'porchlight.kept') throw new DOMException('Nothing is kept here', 'InvalidStateError');
      return open(name, version);
    };
  });
  await page.goto('/conversations');
  await expect(page.getByRole('heading', { name: 'Conversations did not load' })).toBeVisible();
  await look('error');
  await page.unrouteAll();
  await page.goto('/me');
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  await look('me');
  await page.goto('/settings/set-aside');
  await expect(page.getByRole('button', { name: 'Replay' }).first()).toBeVisible();
  await look('set-aside');
  await page.getByRole('button', { name: 'Replay' }).first().click();
  await expect(page.getByText('Still waiting: no line of the business has this number.')).toBeVisible();
  await look('set-aside-waits');
  await page.getByRole('tab', { name: 'Not genuine' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing suspicious' })).toBeVisible();
  await look('set-aside-none');
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { name: 'This page does not exist' })).toBeVisible();
  await look('missing');
}

/** The simulator has its parts on tabs where there is no room for all. */
async function provider(page: Page, look: Look): Promise<void> {
  await page.goto(`${system.simulator_url}/#${encodeURIComponent(STRANGER)}`);
  await expect(page.getByRole('log')).toContainText('before the winter');
  await look('simulator');
  const tabs = page.getByRole('navigation', { name: 'Parts of the simulator' });
  if (!(await tabs.isVisible())) return;
  await tabs.getByRole('button', { name: 'Events' }).click();
  await look('simulator-events');
  await tabs.getByRole('button', { name: 'Faults' }).click();
  await look('simulator-faults');
}

let maria = '';

test.beforeAll(async () => {
  const office = await Office.signIn('admin');
  maria = (await office.with('+12075550188')).id;
  // Open at any hour, so that who waits is amber and red whenever this runs.
  const always = [{ opens: '00:00', closes: '24:00' }];
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  await office.ask('PUT', '/api/settings/hours', {
    time_zone: 'America/New_York',
    week: Object.fromEntries(days.map((day) => [day, always])),
  });
  // One text that no line takes, for the tray; and a stranger's second thought, for the provider's log.
  const lines = await simulator<{ number: string; webhook_url: string; name?: string }[]>('GET', 'lines');
  const stray = { ...lines[0]!, number: '+12075550149', name: 'An old number' };
  await simulator('PUT', 'lines', [...lines, stray]);
  await new Phone('+12075550171').text('Is this still your number?', { to: stray.number });
  await new Phone(STRANGER).text('We would like one before the winter');
});

/** A browser of a size and a scheme, and how its screens are looked at. */
async function looker(
  browser: Browser,
  { size, asked, ...device }: Size,
  colorScheme: 'light' | 'dark',
): Promise<{ context: BrowserContext; page: Page; look: Look }> {
  const context = await browser.newContext({ colorScheme, ...device });
  const page = await context.newPage();
  const look = async (name: string) => {
    await picture(page, `${name}-${size}${colorScheme}`);
    await laidOut(page);
    if (asked.includes(colorScheme)) await accessible(page);
  };
  return { context, page, look };
}

for (const size of SIZES)
  for (const colorScheme of ['light', 'dark'] as const)
    test(`every screen is accessible and laid out: ${size.size}${colorScheme}`, async ({
      browser,
      wrong,
      watched,
    }) => {
      test.setTimeout(120_000);
      const { context, page, look } = await looker(browser, size, colorScheme);
      await watched(context, wrong);
      await walk(page, look, size.viewport.width < 768);
      await provider(page, look);
      await context.close();
    });

// Last: whoever is made for them would stand in the pictures above.
for (const [size, colorScheme] of [
  [SIZES[0]!, 'light'],
  [SIZES[2]!, 'dark'],
] as const)
  test(`every state is accessible and laid out: ${size.size}${colorScheme}`, async ({
    browser,
    wrong,
    watched,
  }) => {
    test.setTimeout(90_000);
    const { context, page, look } = await looker(browser, size, colorScheme);
    await watched(context, wrong);
    await states(page, look, maria, colorScheme === 'light' ? 'Day' : 'Night');
    await context.close();
  });
