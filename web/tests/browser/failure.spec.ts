// A message that did not arrive: what it says, how much room it takes, and how quiet it is once it was sent again.
import { bubble, composer, expect, open, picture, rowOf, test } from './inbox';
import { Somebody } from './office';
import { breakNext } from './phones';

const LINE_PX = 24;

test('on a phone a failed message says why in one line below who, when and Retry', async ({ windowOf }) => {
  await Somebody.named('Fay Lure');
  const page = await windowOf('office', {
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
  });
  await open(page, 'Fay Lure');
  const words = `Warranty card: bit.ly/${Date.now()}`;
  await breakNext({ kind: 'fail', code: 30007 }, words);
  await composer(page).fill(words);
  await page.getByRole('button', { name: 'Send' }).click();
  const failed = bubble(page, words).first();
  await expect(failed).toContainText('Not delivered: the carrier blocked');
  await picture(page, 'failure-phone');
  const [retry, why] = [failed.getByRole('button', { name: 'Retry' }), failed.locator('.state')];
  const [button, line, under] = await Promise.all(
    [retry, why, failed.locator('.under')].map(async (part) => (await part.boundingBox())!),
  );
  expect(line!.height).toBeLessThanOrEqual(LINE_PX);
  expect(button!.height).toBeGreaterThanOrEqual(44);
  expect(under!.height).toBeLessThanOrEqual(button!.height + 2 * LINE_PX);

  // Sent again it is no longer red; what the row says is the new one.
  await retry.click();
  await expect(bubble(page, words)).toHaveCount(2);
  await expect(bubble(page, words).last()).toContainText(/Sent|Delivered/);
  await expect(failed).toContainText('Not delivered, sent again');
  await expect(page.locator('.msg.failed')).toHaveCount(0);
  await page.getByRole('button', { name: 'Back to conversations' }).click();
  await expect(rowOf(page, 'Fay Lure').first()).not.toContainText('Not delivered');
});
