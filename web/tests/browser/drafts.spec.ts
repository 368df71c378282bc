// One person at two windows: what they write is in both, and a send takes away its own words only.
import { bubble, composer, expect, open, rowOf, test, write } from './inbox';
import { Somebody } from './office';

test('what is written in one window is in the other, and in its list', async ({ windowOf }) => {
  await Somebody.named('Dee Twowin');
  const [desk, phone] = [await windowOf('office'), await windowOf('office')];
  await open(desk, 'Dee Twowin');
  await open(phone, 'Dee Twowin');
  await composer(desk).fill('Dear Dee, about');
  await expect(composer(phone)).toHaveValue('Dear Dee, about');
  await expect(rowOf(phone, 'Dee Twowin').first()).toContainText('Draft: Dear Dee, about');
  await composer(phone).press('End');
  await composer(phone).pressSequentially(' Tuesday');
  await expect(composer(desk)).toHaveValue('Dear Dee, about Tuesday');
  await composer(phone).press('Enter');
  await expect(bubble(desk, 'Dear Dee, about Tuesday')).toBeVisible();
  for (const window of [desk, phone]) {
    await expect(composer(window)).toHaveValue('');
    await expect(rowOf(window, 'Dee Twowin').first()).not.toContainText('Draft:');
  }
});

for (const slowly of [false, true])
  test(`something else that is sent from the phone, typed ${slowly ? 'slowly' : 'at once'}, erases nothing at the desk`, async ({
    windowOf,
  }) => {
    const { office, id } = await Somebody.named(`Didi Other ${slowly}`);
    const [desk, phone, colleague] = [
      await windowOf('office'),
      await windowOf('office'),
      await windowOf('admin'),
    ];
    await open(desk, `Didi Other ${slowly}`);
    await composer(desk).fill('A long answer about the warranty, which');
    await expect(desk.getByText('Draft saved')).toBeVisible();
    await open(phone, `Didi Other ${slowly}`);
    await expect(composer(phone)).toHaveValue('A long answer about the warranty, which');
    await composer(phone).fill('On our way');
    if (slowly) await expect(phone.getByText('Draft saved')).toBeVisible();
    await write(phone, 'On our way');
    await expect(bubble(desk, 'On our way')).toContainText('Delivered');
    await expect(composer(desk)).toHaveValue('A long answer about the warranty, which');
    await expect(composer(phone)).toHaveValue('A long answer about the warranty, which');
    // Nobody else sees any of it.
    await open(colleague, `Didi Other ${slowly}`);
    await expect(composer(colleague)).toHaveValue('');
    expect((await office.get(id)).draft).toBeNull();
  });
