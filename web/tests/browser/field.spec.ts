// A technician is off today, on a phone; the office, which is told, gives what was theirs to somebody else. Before that,
// both know who sees the thread.
import type { Locator } from '@playwright/test';

import { ulid } from '../../src/app/ulid';
import { accessible, expect, inBoth, laidOut, open, picture, test, userOf } from './inbox';
import { Somebody } from './office';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test('whoever is off today has nothing any more, and the office gives it to somebody else', async ({
  windowOf,
}) => {
  const { office, id } = await Somebody.named('Olive Offday');
  const luis = userOf('technician');
  const customer = async () => (await office.get(id)).customer?.id ?? '';
  await expect.poll(customer).not.toBe('');
  const job = ulid(Date.now());
  const booked = { customer_id: await customer(), number: 4343, title: 'Boiler', status: 'in_progress' };
  await office.ask('PUT', `/api/jobs/${job}`, { ...booked, scheduled_at: new Date().toISOString() });
  await office.ask('PUT', `/api/jobs/${job}/assignments/${luis.id}`);
  await office.ask('PUT', `/api/conversations/${id}/assignee`, { assignee: luis.id });

  const desk = await windowOf('office');
  await open(desk, 'Olive Offday');
  const phone = await windowOf('technician', PHONE);
  await phone.goto(`/conversations/${id}`);
  const line = phone.getByRole('button', { name: /^Who sees this: Office \+ you/ });
  await line.tap();
  const list = phone.getByRole('dialog', { name: 'Who sees this' });
  await expect(list.getByRole('heading', { name: /^Office/ })).toBeVisible();
  await expect(list.getByText(/\(you\)/)).toBeVisible();
  await accessible(phone);
  await laidOut(phone);
  await inBoth(phone, 'phone-audience');
  await list.getByRole('button', { name: 'Close' }).tap();

  await phone.getByRole('button', { name: 'Back to conversations' }).tap();
  await phone.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Me' }).tap();
  await phone.getByRole('switch', { name: 'Off today' }).tap();
  await expect(phone.getByText(/^Luis is off\. /)).toBeVisible();
  await accessible(phone);
  await laidOut(phone);
  await inBoth(phone, 'phone-off-today');

  // The office has the thread before it: it is nobody's, and says why.
  await expect(desk.getByText('Luis Ortega is off today: this is nobody’s now')).toBeVisible();
  const told = desk.locator('.toast').filter({ hasText: 'Luis is off today' });
  await told.getByRole('button', { name: 'Open' }).click();
  const card = desk.getByRole('region', { name: 'Luis Ortega' });
  await expect(card.getByRole('link', { name: '#4343 · Boiler' })).toBeVisible();
  await expect(card.getByRole('link', { name: 'Olive Offday' })).toBeVisible();
  await accessible(desk);
  await laidOut(desk);
  await picture(desk, 'off-today');
  await card.getByLabel('Give the jobs of Luis Ortega to').selectOption({ label: 'Marta Silva' });
  await card.getByRole('button', { name: 'Give them' }).first().click();
  await expect(desk.getByText(/jobs? (is|are) Marta’s now\.$/)).toBeVisible();
  await expect(card.getByRole('link', { name: '#4343 · Boiler' })).toBeHidden();
  const threads = card.locator('form').filter({ hasText: 'Olive Offday' });
  await threads.getByLabel('Give the conversations of Luis Ortega to').selectOption({ label: 'Marta Silva' });
  await threads.getByRole('button', { name: 'Give them' }).click();
  await expect.poll(async () => (await office.get(id)).assignee?.name).toBe('Marta Silva');
  await card.getByRole('button', { name: 'Luis Ortega is back' }).click();
  await expect(card).toBeHidden();
  await expect(phone.getByRole('switch', { name: 'Off today' }), 'live').not.toBeChecked();
});

test('what the crew needs is kept above its thread by one press, and seen by all at once', async ({
  windowOf,
}) => {
  const { office, id } = await Somebody.named('Fay Factual');
  const luis = userOf('technician');
  const customer = async () => (await office.get(id)).customer?.id ?? '';
  await expect.poll(customer).not.toBe('');
  const job = ulid(Date.now());
  const booked = { customer_id: await customer(), number: 4444, title: 'Sump pump', status: 'in_progress' };
  await office.ask('PUT', `/api/jobs/${job}`, { ...booked, scheduled_at: new Date().toISOString() });
  await office.ask('PUT', `/api/jobs/${job}/assignments/${luis.id}`);
  await expect.poll(async () => (await office.get(id)).job?.number).toBe(4444);
  const desk = await windowOf('office');
  await open(desk, 'Fay Factual');

  const phone = await windowOf('technician', PHONE);
  await phone.goto(`/conversations/${id}`);
  const said = phone.getByRole('article', { name: 'Fay' }).last();
  await said.getByRole('button', { expanded: false }).last().tap();
  await said.getByRole('button', { name: 'Keep above, on job #4444' }).tap();
  const fact = (of: Locator) => of.getByRole('button', { name: /^Hello from Fay Factual/ });
  const strip = phone.getByRole('region', { name: 'Facts of job #4444' });
  await expect(fact(strip)).toBeVisible();
  await accessible(phone);
  await laidOut(phone);
  await inBoth(phone, 'phone-facts');
  const above = desk.getByRole('region', { name: 'Facts of job #4444' });
  await expect(fact(above), 'live').toBeVisible();
  await fact(above).click();
  await accessible(desk);
  await laidOut(desk);
  await picture(desk, 'facts');
  await above.getByRole('button', { name: /^Take away: / }).click();
  await expect(above).toBeHidden();
  await expect(strip, 'live').toBeHidden();
  await desk.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await expect(fact(strip)).toBeVisible();
  await phone.goto(`/jobs/${job}`);
  await expect(phone.getByRole('link', { name: 'Hello from Fay Factual' })).toBeVisible();
  await laidOut(phone);
});
