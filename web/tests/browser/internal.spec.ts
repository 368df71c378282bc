// What staff write to staff: from a technician's phone to the office's Team list, and taken back again.
import { accessible, expect, inBoth, laidOut, picture, rowOf, test, userOf } from './inbox';
import { Office } from './office';

/** A small blue picture. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAwAAAAJCAIAAACJ2loDAAAAE0lEQVR42mNwaDhAEDGMKiJKEQAudKIB4T+0kwAAAABJRU5ErkJggg==',
  'base64',
);

test('a technician writes to a colleague from the phone, the office answers in its Team list, and words are taken back', async ({
  windowOf,
}) => {
  const office = await Office.signIn('admin');
  const { name } = await office.ask<{ name: string }>('GET', '/api/me');
  const me = userOf('technician');
  const page = await windowOf('technician', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await page.getByRole('button', { name: 'Colleague', exact: true }).tap();
  const dialog = page.getByRole('dialog', { name: 'Message to a colleague' });
  await accessible(page);
  await dialog.getByRole('button', { name }).tap();
  const box = page.getByRole('textbox', { name: `Internal message to ${name}` });
  await box.fill('Which valve fits at Clifton Street?');
  await page.getByRole('button', { name: 'Send to colleagues' }).tap();
  const log = page.getByRole('log', { name: `Internal messages with ${name}` });
  await expect(log.getByText('Which valve fits')).toBeVisible();

  const desk = await windowOf('admin');
  await desk.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Team/ }).click();
  const team = desk.getByRole('region', { name: 'Team', exact: true });
  await team.getByRole('link', { name: /Which valve fits/ }).click();
  await expect(desk.getByText('Only colleagues read this')).toBeVisible();
  await accessible(desk);
  await laidOut(desk);
  await picture(desk, 'team');
  await desk.getByRole('textbox', { name: /^Internal message to/ }).fill('The long one.');
  await desk.keyboard.press('Enter');
  await expect(log.getByText('The long one.'), 'there at once').toBeVisible();

  // A file, beside words, from the desk; a photo from the phone's camera, without any.
  await desk.getByRole('button', { name: 'Attach a file' }).click();
  const panel = desk.getByRole('dialog', { name: 'Attach for your colleagues' });
  await panel.locator('input[type=file]').setInputFiles({
    name: 'plan.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.7 a plan'),
  });
  await expect(panel.getByText('ready')).toBeVisible();
  await accessible(desk);
  await laidOut(desk);
  await picture(desk, 'team-attach');
  await panel.getByRole('button', { name: 'Attach 1 file' }).click();
  await desk.getByRole('textbox', { name: /^Internal message to/ }).fill('Its plan.');
  await desk.keyboard.press('Enter');
  await expect(log.getByText('plan.pdf')).toBeVisible();
  await page.getByRole('button', { name: 'Attach a file' }).tap();
  const taking = page.getByRole('dialog', { name: 'Attach for your colleagues' });
  await expect(taking.getByRole('button', { name: 'Take a photo' })).toBeVisible();
  await taking
    .locator('input[type=file]')
    .setInputFiles({ name: 'valve.png', mimeType: 'image/png', buffer: PNG });
  await taking.getByRole('button', { name: 'Attach 1 file' }).tap();
  await page.getByRole('list', { name: 'Files of this message' }).waitFor();
  await page.getByRole('button', { name: 'Send to colleagues' }).tap();
  await expect(desk.getByRole('log').getByRole('button', { name: /^Photo/ })).toBeVisible();
  await accessible(page);
  await laidOut(page);
  await inBoth(page, 'phone-internal');

  // What was said is found.
  await desk.getByRole('button', { name: 'Find in this conversation' }).click();
  await desk.getByRole('textbox', { name: 'Find in this conversation' }).fill('valve');
  await expect(desk.getByRole('search').getByRole('status')).toHaveText('1 of 1');
  await expect(desk.getByRole('log').locator('mark')).toHaveText('valve');
  await accessible(desk);
  await desk.keyboard.press('Escape');

  await log.getByRole('button', { name: 'Delete this message' }).first().tap();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).tap();
  await expect(log.getByText('Deleted by You')).toBeVisible();
  await expect(log.getByText('Which valve fits')).toBeHidden();
  await expect(desk.getByRole('log').getByText('Which valve fits'), 'gone everywhere').toBeHidden();

  await page.goBack();
  await expect(rowOf(page, name).first(), 'among the customers, and marked').toContainText('Internal');
  expect(me.role).toBe('technician');
});
