// What is read on a button is part of its name, so that who speaks to the window can say it (WCAG 2.5.3).
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { ulid } from '../../src/app/ulid';
import { composer, expect, open, test } from './inbox';
import { Somebody } from './office';

const RULE = 'label-content-name-mismatch';

async function named(page: Page): Promise<void> {
  const axe = new AxeBuilder({ page }).options({ runOnly: [RULE], rules: { [RULE]: { enabled: true } } });
  const { violations } = await axe.analyze();
  expect(violations.flatMap(({ nodes }) => nodes.map(({ html }) => html))).toEqual([]);
}

test('every button is called by what is read on it', async ({ windowOf }) => {
  const { office, id } = await Somebody.named('Nell Name');
  const page = await windowOf('admin');
  await named(page);
  await open(page, 'Nell Name');
  await expect(composer(page)).toBeVisible();
  await office.ask('PUT', `/api/conversations/${id}/assignee`, { id: ulid(Date.now()), assignee: null });
  const assign = page.getByRole('button', { name: /Assign/ }).first();
  await expect(assign).toHaveAccessibleName(/Unassigned/);
  await expect(assign).toHaveText(/Unassigned/);
  await named(page);
  await assign.click();
  await page.getByRole('menuitemradio', { name: 'Luis Ortega' }).click();
  await expect(assign).toHaveAccessibleName(/Luis Ortega/);
  await named(page);
  await page.keyboard.press('Shift+?');
  await expect(page.getByRole('switch', { name: 'Single keys' })).toHaveAccessibleName(/On/);
  await named(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeVisible();
  await named(page);
  await page.goto('/me');
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  await named(page);
});
