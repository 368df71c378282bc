import type { Feature } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

/** Today's work. What lies below is the job that is open, and its conversations. */
export const jobs: Feature = {
  route: /^\/jobs(\/|$)/,
  title: t('jobs.title'),
  load: patient(() => import('./JobsPage.svelte')),
  nav: { at: 'first', href: '/jobs', label: t('jobs.title'), icon: 'wrench' },
};
