// Every screen, in light and dark, on desktop, tablet and phone, and at 200 % zoom: no axe violation, and a picture.
import { accessible, expect, open, picture, signIn, test } from './inbox';

const SIZES = [
  { size: 'desktop', viewport: { width: 1440, height: 900 } },
  { size: 'tablet', viewport: { width: 1024, height: 768 } },
  { size: 'phone', viewport: { width: 390, height: 844 } },
  // 200 % of 1440 × 900: half as many pixels to lay out in.
  { size: 'zoomed', viewport: { width: 720, height: 450 } },
] as const;

for (const { size, viewport } of SIZES)
  for (const colorScheme of ['light', 'dark'] as const)
    test(`every screen is accessible: ${size}, ${colorScheme}`, async ({ page }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      const look = async (name: string) => {
        await accessible(page);
        await picture(page, `${name}-${size}-${colorScheme}`);
      };
      await page.goto('/');
      await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
      await look('sign-in');
      await signIn(page);
      const first = page.getByRole('region', { name: 'Conversations' }).getByRole('listitem').first();
      await expect(first).toBeVisible();
      await look('list');
      const name = (await first.getByRole('link').locator('.name').innerText()).split('\n')[0] ?? '';
      await open(page, name);
      await look('thread');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('combobox')).toBeFocused();
      await look('palette');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Shift+?');
      await expect(page.getByRole('dialog')).toBeVisible();
      await look('help');
      await page.keyboard.press('Escape');
      await page.goto('/me');
      await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
      await look('me');
      await page.goto('/conversations?q=zzzznothing');
      await expect(page.getByRole('heading', { name: /No match/ })).toBeVisible();
      await look('no-match');
      await page.goto('/nowhere');
      await look('missing');
    });
