// The simulator's page: be a customer, see what the provider does, break it.
import { bubble, composer, countsOf, expect, open, rowOf, rows, system, test, write } from './inbox';
import { Somebody } from './office';
import { simulator } from './phones';

test('a text typed on a customer’s phone is in the inbox, and the answer is on the phone', async ({
  page,
  windowOf,
}) => {
  const lou = await Somebody.named('Lou Dial');
  const inbox = await windowOf('office');
  await page.goto(`${system.simulator_url}/#${encodeURIComponent(lou.phone.number)}`);
  const phone = page.getByRole('region', { name: 'Customer’s phone' });
  await expect(phone.getByRole('log')).toContainText('Hello from Lou Dial');
  await phone.getByRole('textbox').fill('Typed with my thumbs');
  await phone.getByRole('textbox').press('Enter');
  await expect(phone.getByRole('log')).toContainText('Typed with my thumbs');
  await expect(rowOf(inbox, 'Lou Dial')).toContainText('Typed with my thumbs');
  await open(inbox, 'Lou Dial');
  await write(inbox, 'Read with pleasure');
  await expect(phone.getByRole('log')).toContainText('Read with pleasure');
  await expect(page.getByRole('table')).toContainText('200');
  await expect(page.locator('#summary')).toContainText('0 unexplained');
});

test('a photo from the phone is in the thread', async ({ page, windowOf }) => {
  const lou = await Somebody.named('Pam Shot');
  const inbox = await windowOf('office');
  await open(inbox, 'Pam Shot');
  await page.goto(`${system.simulator_url}/#${encodeURIComponent(lou.phone.number)}`);
  const phone = page.getByRole('region', { name: 'Customer’s phone' });
  await phone.getByRole('button', { name: 'Photo' }).click();
  await expect(phone.getByRole('list', { name: 'Files to send' })).toBeVisible();
  await phone.getByRole('textbox').fill('This is it');
  await phone.getByRole('textbox').press('Enter');
  await expect(inbox.getByRole('log')).toContainText('This is it');
  const photo = inbox.getByRole('log').locator('.bubble.pic img');
  await expect(photo).toBeVisible();
  await expect
    .poll(() => photo.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(100);
});

test('a fault that is switched on happens, and is told by the event log', async ({ page, windowOf }) => {
  const lou = await Somebody.named('Fred Fault');
  const inbox = await windowOf('office');
  await open(inbox, 'Fred Fault');
  await page.goto(system.simulator_url);
  await page.getByRole('switch', { name: 'Fail', exact: true }).click();
  await expect
    .poll(async () => (await simulator<{ rates: { fail: number } }>('GET', 'faults')).rates.fail)
    .toBe(1);
  await write(inbox, 'Will not arrive');
  await expect(bubble(inbox, 'Will not arrive')).toContainText('Not delivered');
  await expect(page.getByRole('table')).toContainText(/undelivered/i);
  await page.getByRole('switch', { name: 'Fail', exact: true }).click();
  await expect(page.getByRole('switch', { name: 'Fail', exact: true })).toHaveAttribute(
    'aria-checked',
    'false',
  );
  await expect
    .poll(async () => (await simulator<{ rates: { fail: number } }>('GET', 'faults')).rates.fail)
    .toBe(0);
  await composer(inbox).fill('Will arrive');
  await composer(inbox).press('Enter');
  await expect(bubble(inbox, 'Will arrive')).toContainText('Delivered');
  expect(await lou.phone.received()).toEqual(['Will arrive']);
});

test('twenty texts at once are all in the inbox', async ({ page, windowOf }) => {
  const inbox = await windowOf('office');
  const { unread } = await countsOf(inbox);
  await page.goto(system.simulator_url);
  await page.getByRole('button', { name: '20 texts at once' }).click();
  await expect(page.getByText('20 of 20 texts taken').first()).toBeVisible();
  await expect.poll(async () => (await countsOf(inbox)).unread).toBe(unread + 20);
  await expect(rows(inbox).first()).toContainText('now');
});

test('Bad Monday is one button on, and one off', async ({ page }) => {
  await page.goto(system.simulator_url);
  const on = page
    .getByRole('region', { name: 'Switches of the faults' })
    .getByRole('switch', { checked: true });
  await page.getByRole('button', { name: /Bad Monday/ }).click();
  // Also those under "More", which opens for them.
  await expect(on).toHaveCount(9);
  await page.getByRole('button', { name: 'All off' }).click();
  await expect(on).toHaveCount(0);
});
