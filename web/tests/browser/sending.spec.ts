// What becomes of a message is said plainly: sent, delivered, failed and why, unknown; and what cannot be sent says so.
import { bubble, composer, expect, open, picture, rowOf, test, write } from './inbox';
import { Somebody } from './office';
import { breakNext } from './phones';

test('a message is there in the same frame, and is told on', async ({ windowOf }) => {
  const { phone } = await Somebody.named('Flo Quick');
  const page = await windowOf('office');
  await open(page, 'Flo Quick');
  // With the first message of a window comes what draws one on its way.
  await write(page, 'Good morning');
  await expect(bubble(page, 'Good morning')).toContainText('Delivered');
  // No answer comes: what is on the screen is the window's own doing.
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/messages', async (route) => {
    if (route.request().method() === 'POST') await held;
    await route.continue();
  });
  await composer(page).fill('On our way');
  const frames = await page.evaluate(async () => {
    const box = document.querySelector<HTMLTextAreaElement>('#draft');
    box?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    for (let frame = 0; frame < 30; frame++) {
      if (document.querySelector('[role=log]')?.textContent?.includes('On our way')) return frame;
      await new Promise(requestAnimationFrame);
    }
    return 30;
  });
  expect(frames).toBeLessThanOrEqual(1);
  await expect(bubble(page, 'On our way')).toContainText('Sending');
  go();
  await expect(bubble(page, 'On our way')).toContainText('Delivered');
  expect(await phone.received()).toEqual(['Good morning', 'On our way']);
});

test('a failed message says why, stays in place, and Retry sends it once more', async ({ windowOf }) => {
  const { phone } = await Somebody.named('Gus Fallow');
  const page = await windowOf('office');
  await open(page, 'Gus Fallow');
  await breakNext({ kind: 'fail', code: 30003 }, 'Are you at home?');
  await write(page, 'Are you at home?');
  const failed = bubble(page, 'Are you at home?').first();
  await expect(failed).toContainText('Not delivered');
  await failed.getByRole('button', { name: 'Retry' }).click();
  await expect(bubble(page, 'Are you at home?').last()).toContainText('Delivered');
  await expect.poll(() => phone.received()).toEqual(['Are you at home?']);
});

test('a lost answer is shown as unknown, and is never sent twice by itself', async ({ windowOf }) => {
  const { phone } = await Somebody.named('Una Known');
  const page = await windowOf('office');
  await open(page, 'Una Known');
  await breakNext('drop_before_accepting', 'Lost on the way');
  await write(page, 'Lost on the way');
  await expect(bubble(page, 'Lost on the way')).toContainText('Unknown, asking the carrier');
  await write(page, 'And the next one');
  await expect(bubble(page, 'And the next one')).toContainText('Delivered');
  expect(await phone.accepted()).toEqual(['And the next one']);
});

test('a message that a colleague overtook waits for its writer', async ({ windowOf }) => {
  const { phone, office, id } = await Somebody.named('Sol Race');
  const page = await windowOf('office');
  // The window has not heard: its feed is cut.
  await page.route('**/api/live*', (route) => route.abort());
  await page.reload();
  await open(page, 'Sol Race');
  await office.reply(id, 'Ana here, we come at nine.');
  await write(page, 'We come at ten.');
  const question = page.getByRole('alert');
  await expect(question).toContainText('Ana replied');
  await expect(question).toContainText('Ana here, we come at nine.');
  await question.getByRole('button', { name: 'Read first' }).click();
  await expect(composer(page)).toHaveValue('We come at ten.');
  await office.reply(id, 'Or at half past eight.');
  await composer(page).fill('We come at nine, as Ana says.');
  await composer(page).press('Enter');
  await page.getByRole('alert').getByRole('button', { name: 'Send anyway' }).click();
  await expect
    .poll(() => phone.received())
    .toEqual(['Ana here, we come at nine.', 'Or at half past eight.', 'We come at nine, as Ana says.']);
});

test('what was not sent says so where its writer is by then, and can be discarded', async ({ windowOf }) => {
  const { phone, office, id } = await Somebody.named('Lea Gone');
  const page = await windowOf('office');
  await page.route('**/api/live*', (route) => route.abort());
  await page.reload();
  await open(page, 'Lea Gone');
  await office.reply(id, 'Ana here, all done.');
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/messages', async (route) => {
    if (route.request().method() === 'POST') await held;
    await route.continue();
  });
  await write(page, 'Is it done?');
  await page.getByRole('link', { name: /^Me, / }).click();
  go();
  const toast = page.locator('.toast');
  await expect(toast).toContainText(/Not sent to Lea: \S+ replied .+ ago\./);
  await picture(page, 'not-sent-toast');
  await toast.getByRole('button', { name: 'Open' }).click();
  await expect(rowOf(page, 'Lea Gone').first()).toContainText('Not sent:');
  await picture(page, 'not-sent');
  await page.getByRole('alert').getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(rowOf(page, 'Lea Gone').first()).not.toContainText('Not sent:');
  expect(await phone.received()).not.toContain('Is it done?');
});

test('who texted STOP gets nothing, the box says why, and START opens it again', async ({ windowOf }) => {
  const { phone } = await Somebody.named('Stan Dover');
  const page = await windowOf('office');
  await open(page, 'Stan Dover');
  await composer(page).fill('Half written');
  await phone.text('STOP');
  await expect(page.getByText(/Stan texted STOP on/)).toBeVisible();
  await expect(page.getByText('Texts are off until Stan sends START.', { exact: false })).toBeVisible();
  await expect(composer(page)).toHaveCount(0);
  // What was written is kept, and can be read.
  await expect(page.getByText('Half written', { exact: true })).toBeVisible();
  await phone.text('START');
  await expect(composer(page)).toHaveValue('Half written');
  await composer(page).press('Enter');
  await expect(bubble(page, 'Half written')).toContainText('Delivered');
});

test('an answer to a closed thread says that it reopens, and does', async ({ windowOf }) => {
  const { office, id } = await Somebody.named('Clo Shut');
  await office.act(id, 'close');
  const page = await windowOf('office');
  await page.goto(`/conversations/${id}`);
  await expect(page.getByText('This thread is closed. Sending reopens it.')).toBeVisible();
  await write(page, 'One more thing');
  await expect(bubble(page, 'One more thing')).toContainText('Delivered');
  expect((await office.get(id)).state).toBe('open');
});

test('a long text is counted, and the character that makes it dear is named and replaced', async ({
  windowOf,
}) => {
  await Somebody.named('Tess Count');
  const page = await windowOf('office');
  await open(page, 'Tess Count');
  await composer(page).fill(`It’s ${'a long word and '.repeat(10)}`);
  await expect(page.getByText('’ forces unicode')).toBeVisible();
  await page.getByRole('button', { name: /^Use ' for/ }).click();
  await expect(composer(page)).toHaveValue(/^It's/);
  await expect(page.getByText('forces unicode')).toBeHidden();
});

test('a photo comes in and can be opened', async ({ windowOf }) => {
  const { phone } = await Somebody.named('Pia Lens');
  const page = await windowOf('office');
  await open(page, 'Pia Lens');
  const bytes = (
    await page.screenshot({ type: 'jpeg', clip: { x: 0, y: 0, width: 120, height: 80 } })
  ).toString('base64');
  await phone.text('Look at this', { media: [{ content_type: 'image/jpeg', bytes }] });
  await expect(page.getByRole('log')).toContainText('Look at this');
  await expect(page.getByRole('log').locator('.bubble.pic')).toBeVisible();
});
