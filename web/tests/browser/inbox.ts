// What the browser tests share: signing in, finding things by what people see, and the watch over the page's policy.
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';

export interface System {
  url: string;
  simulator_url: string;
  business_id: string;
  line: string;
  users: { role: 'admin' | 'office' | 'technician'; id: string; email: string; password: string }[];
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

/** A page that fails its test when it breaks the content security policy or throws. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML|Trusted Type/i.test(message.text()))
        wrong.push(message.text());
    });
    await use(page);
    expect(wrong).toEqual([]);
  },
});

export { expect };

export async function signIn(page: Page, role: System['users'][number]['role'] = 'office'): Promise<void> {
  const user = system.users.find((one) => one.role === role) ?? system.users[0];
  await page.goto('/');
  await page.getByLabel('Email').fill(user?.email ?? '');
  await page.getByLabel('Password').fill(user?.password ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Conversations' })).toBeVisible();
}

/** A row of the list. */
export const rowOf = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Conversations' }).getByRole('link', { name });

export async function open(page: Page, name: string): Promise<void> {
  await rowOf(page, name).first().click();
  await expect(page.getByRole('log')).toBeVisible();
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

/** Writes a picture of the screen for docs/screens, when asked to. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENS'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
}
