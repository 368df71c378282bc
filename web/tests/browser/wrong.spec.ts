// What went wrong: why, what to do, another number of the same customer, numbers that cannot be texted, group texts.
import {
  accessible,
  bubble,
  composer,
  countsOf,
  expect,
  laidOut,
  open,
  picture,
  rowOf,
  test,
  write,
} from './inbox';
import { Office, Somebody } from './office';
import { breakNext, Phone } from './phones';

/** Another number of the customer behind a thread. */
async function alsoHas(somebody: Somebody, number: string): Promise<Phone> {
  const { customer } = await somebody.row();
  const path = `/api/customers/${customer!.id}/contacts/${encodeURIComponent(number)}`;
  await somebody.office.ask('PUT', path, { label: 'Work' });
  const phone = new Phone(number);
  await phone.text('This is my work phone');
  return phone;
}

test('a text to a landline says what to do, goes to another number, and stops costing', async ({
  windowOf,
}) => {
  const lena = await Somebody.named('Lena Line');
  const work = await alsoHas(lena, '+16037990101');
  // Two threads have her name: the last that wrote stands first.
  await lena.phone.text('It leaks again');
  const [ana, colleague] = [await windowOf('office'), await windowOf('admin')];
  await open(ana, 'Lena Line');
  await open(colleague, 'Lena Line');
  await breakNext({ kind: 'fail', code: 30006 }, 'See you at nine.');
  await write(ana, 'See you at nine.');
  const failed = bubble(ana, 'See you at nine.').first();
  await expect(failed).toContainText('Not delivered: this number is a landline');
  // The mark is there on both screens, in place of the composer, and nothing more is paid for.
  for (const page of [ana, colleague]) {
    await expect(page.getByText('This number cannot get texts.')).toBeVisible();
    await expect(page.getByText(/The carrier says that this number is a landline/)).toBeVisible();
    await expect(composer(page)).toBeHidden();
  }
  await expect(ana.getByText('Cannot get texts', { exact: true })).toBeVisible();
  await picture(ana, 'cannot-text');

  await failed.getByRole('button', { name: 'What now?' }).click();
  const dialog = ana.getByRole('dialog', { name: 'This text did not arrive' });
  await expect(dialog).toContainText('Call them, or text another number.');
  await expect(dialog).toContainText('that number’s own thread');
  await expect(dialog.getByRole('link', { name: /Call/ })).toHaveAttribute(
    'href',
    `tel:${lena.phone.number}`,
  );
  await expect(dialog.getByRole('button', { name: /Send this text to/ })).toBeVisible();
  await accessible(ana);
  await laidOut(ana);
  await picture(ana, 'what-now');
  await dialog.getByRole('button', { name: /Send this text to/ }).dblclick();
  await expect(dialog).toBeHidden();
  await expect(failed).toContainText('Not delivered, sent to (603) 799-0101');
  await expect(ana.locator('.msg.failed')).toHaveCount(0);
  await expect.poll(() => work.accepted()).toEqual(['See you at nine.']);
  await expect(bubble(colleague, 'See you at nine.').first()).toContainText('sent to (603) 799-0101');
  await ana.getByRole('status').getByRole('button', { name: 'Open' }).click();
  await expect(bubble(ana, 'See you at nine.')).toContainText(/Sent|Delivered/);

  // It texts by itself: whoever texts can be texted.
  await lena.phone.text('I have a new phone');
  await expect(composer(colleague)).toBeVisible();
});

test('trying a number again anyway opens the composer everywhere, and can be undone', async ({
  windowOf,
}) => {
  const tom = await Somebody.named('Tom Again');
  await tom.office.ask('PUT', `/api/conversations/${tom.id}/reachable`, { reachable: false });
  const [ana, colleague] = [await windowOf('office'), await windowOf('admin')];
  await open(ana, 'Tom Again');
  await open(colleague, 'Tom Again');
  await ana.getByRole('button', { name: 'Try again anyway' }).click();
  for (const page of [ana, colleague]) await expect(composer(page)).toBeVisible();
  await expect(ana.getByText('Texts to this number are on again')).toBeVisible();
  await ana.getByRole('button', { name: 'Undo' }).click();
  for (const page of [ana, colleague]) await expect(composer(page)).toBeHidden();
});

test('a failure that is not the newest message still shows in the row', async ({ windowOf }) => {
  const fred = await Somebody.named('Fred Before');
  const ana = await windowOf('office');
  await open(ana, 'Fred Before');
  await breakNext({ kind: 'fail', code: 30003 }, 'On our way.');
  await write(ana, 'On our way.');
  await expect(bubble(ana, 'On our way.')).toContainText('the phone was off or out of reach');
  await fred.phone.text('Are you coming?');
  await expect(rowOf(ana, 'Fred Before').first().locator('.meta')).toContainText('Not delivered');
  await bubble(ana, 'On our way.').getByRole('button', { name: 'Retry' }).click();
  await expect(rowOf(ana, 'Fred Before').first().locator('.meta')).not.toContainText('Not delivered');
});

test('a group text says that the others will not see an answer', async ({ windowOf }) => {
  const gina = await Somebody.named('Gina Group');
  await gina.phone.text('Can you all make Tuesday?', { others: ['+16037990188', '+16037990189'] });
  const page = await windowOf('office', {
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
  });
  await open(page, 'Gina Group');
  await expect(bubble(page, 'Can you all make Tuesday?')).toContainText(
    'others on that text won’t see your answer',
  );
  await expect(page.locator('.composer')).toContainText('others on that text won’t see this');
  await accessible(page);
  await picture(page, 'group-text-phone');
  const office = await Office.signIn('office');
  await office.reply(gina.id, 'Tuesday works.');
  await gina.phone.text('Just me now');
  await expect(page.locator('.composer')).not.toContainText('won’t see this');
});

test('a blocked number is out of every list at once, disturbs nobody, and is found in Settings', async ({
  windowOf,
}) => {
  const spam = await Somebody.named('Sly Spammer');
  const [ana, colleague] = [await windowOf('office'), await windowOf('admin')];
  await open(ana, 'Sly Spammer');
  await open(colleague, 'Sly Spammer');
  const before = await countsOf(ana);
  await ana.getByRole('button', { name: 'More', exact: true }).click();
  await ana.getByRole('menuitem', { name: 'Block…' }).click();
  const dialog = ana.getByRole('dialog', { name: 'Block Sly Spammer?' });
  await expect(dialog).toContainText('is kept');
  await accessible(ana);
  await picture(ana, 'block');
  await dialog.getByRole('button', { name: 'Block as spam' }).click();
  for (const page of [ana, colleague]) {
    await expect(rowOf(page, 'Sly Spammer')).toHaveCount(0);
    await expect(page.locator('.composer')).toContainText('Marked as spam by');
  }
  await expect.poll(async () => (await countsOf(ana)).total).toBe(before.total - 1);

  // Undone it is as it was; done again, what it sends is kept, and nobody is told.
  await ana.getByRole('button', { name: 'Undo' }).click();
  await expect(rowOf(colleague, 'Sly Spammer').first()).toBeVisible();
  await expect(composer(colleague)).toBeVisible();
  await spam.office.ask('POST', `/api/conversations/${spam.id}/block`, {});
  await expect(rowOf(ana, 'Sly Spammer')).toHaveCount(0);
  await spam.phone.text('You have won a prize');
  await expect(bubble(ana, 'You have won a prize')).toBeVisible();
  await expect(rowOf(ana, 'Sly Spammer')).toHaveCount(0);
  expect((await spam.row()).unread).toBe(0);

  await ana.goto('/settings/blocked');
  const item = ana.getByRole('listitem').filter({ hasText: 'Sly Spammer' });
  await expect(item).toContainText('Blocked by');
  await accessible(ana);
  await picture(ana, 'settings-blocked');
  await colleague.goto('/settings/blocked');
  await expect(colleague.getByRole('listitem').filter({ hasText: 'Sly Spammer' })).toBeVisible();
  await item.getByRole('button', { name: 'Unblock Sly Spammer' }).click();
  for (const page of [ana, colleague])
    await expect(page.getByRole('listitem').filter({ hasText: 'Sly Spammer' })).toHaveCount(0);
  await ana.goto('/conversations');
  await expect(rowOf(ana, 'Sly Spammer').first()).toBeVisible();
});
