// A technician's day on a phone: from the job to its customer's threads, and what the office changes meanwhile.
import { ulid } from '../../src/app/ulid';
import { accessible, composer, expect, inBoth, laidOut, test, userOf } from './inbox';
import { Somebody } from './office';

interface Told {
  id: string;
  text: string;
  job_id: string | null;
}

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const HOUR = 3_600_000;

test('a technician goes from the current job to its customer, and what the office changes is there at once', async ({
  windowOf,
}) => {
  const { office, id, phone } = await Somebody.named('Jill Jobber');
  const luis = userOf('technician');
  const customer = async () => (await office.get(id)).customer?.id ?? '';
  await expect.poll(customer).not.toBe('');
  const who = await customer();
  const details = {
    name: 'Jill Jobber',
    address: '18 Clifton Street, Portland, ME',
    access_notes: 'Dog in the yard',
  };
  await office.ask('PUT', `/api/customers/${who}`, details);
  await office.ask('PUT', `/api/customers/${who}/contacts/${encodeURIComponent('+16035550170')}`, {
    label: 'At work',
  });

  const page = await windowOf('technician', PHONE);
  const bar = page.getByRole('navigation', { name: 'Main' });
  await bar.getByRole('link', { name: 'Jobs' }).tap();
  await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
  const jobs = page.getByRole('region', { name: 'Jobs', exact: true });
  await expect(jobs.getByRole('listitem').first()).toBeVisible();
  const card = jobs.getByRole('listitem').filter({ hasText: 'Jill Jobber' });
  await expect(card).toBeHidden();

  const job = ulid(Date.now());
  const time = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
  const booked = { customer_id: who, number: 4242, title: 'Heater leak, warranty', status: 'in_progress' };
  await office.ask('PUT', `/api/jobs/${job}`, { ...booked, scheduled_at: time(0), ends_at: time(2) });
  const assignment = `/api/jobs/${job}/assignments/${luis.id}`;
  await office.ask('PUT', assignment);
  await expect(card, 'given while they look').toBeVisible();
  await expect(jobs.getByRole('listitem').first(), 'the last begun stands on top').toContainText(
    'Jill Jobber',
  );
  await expect(card.getByRole('link', { name: 'Call Jill Jobber' })).toHaveAttribute(
    'href',
    `tel:${phone.number}`,
  );
  await expect(card.getByRole('link', { name: /^Messages/ })).toBeVisible();
  await accessible(page);
  await laidOut(page);
  await inBoth(page, 'phone-jobs');

  await card.getByRole('link', { name: 'Jill Jobber', exact: true }).tap();
  await expect(page).toHaveURL(new RegExp(`/jobs/${job}$`));
  await expect(page.getByText('Dog in the yard')).toBeVisible();
  await expect(
    page.getByRole('link', { name: '18 Clifton Street, Portland, ME', exact: true }),
  ).toHaveAttribute('href', /openstreetmap\.org/);
  await accessible(page);
  await laidOut(page);
  await inBoth(page, 'phone-job');

  await page.getByRole('link', { name: /^Messages with Jill Jobber/ }).tap();
  const other = page.getByRole('link', { name: /At work.*The office starts it/ });
  await expect(other, 'only the office begins').toHaveAttribute('aria-disabled', 'true');
  await accessible(page);
  await laidOut(page);
  await inBoth(page, 'phone-job-numbers');
  await page.getByRole('link', { name: /^Write to/ }).tap();
  await expect(page.getByRole('log', { name: 'Messages with Jill Jobber' })).toBeVisible();
  await composer(page).fill('On my way, ten minutes');
  await page.getByRole('button', { name: /^Send/ }).tap();
  const sent = async () => {
    const { messages } = await office.ask<{ messages: Told[] }>('GET', `/api/conversations/${id}/messages`);
    return messages.find(({ text }) => text === 'On my way, ten minutes')?.job_id;
  };
  await expect.poll(sent, 'it belongs to the job').toBe(job);

  await page.goBack();
  await expect(other).toBeVisible();
  await page.goBack();
  await expect(page.getByText('Dog in the yard')).toBeVisible();
  await office.ask('DELETE', assignment);
  await expect(page.getByText('This job is not yours to see')).toBeVisible();
  await accessible(page);
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
  await expect(card, 'taken while they look').toBeHidden();

  const offline = jobs.getByRole('status').filter({ hasText: 'What you see may be a moment old.' });
  await page.context().setOffline(true);
  await expect(offline).toBeVisible();
  await page.context().setOffline(false);
  await expect(offline).toBeHidden();
});

test('on a tablet the day stands beside the job, by keyboard too', async ({ windowOf }) => {
  const page = await windowOf('technician', { viewport: { width: 1024, height: 768 }, colorScheme: 'dark' });
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Jobs' }).click();
  const jobs = page.getByRole('region', { name: 'Jobs', exact: true });
  const first = jobs.getByRole('heading', { level: 3 }).first().getByRole('link');
  const name = await first.innerText();
  await expect(page.getByText('Choose a job')).toBeVisible();
  await accessible(page);
  await first.focus();
  await page.keyboard.press('Enter');
  await expect(jobs).toBeVisible();
  await expect(page.getByRole('heading', { name, level: 2 })).toBeVisible();
  await accessible(page);
  await laidOut(page);
  await inBoth(page, 'tablet-jobs');
});
