import type { Feature } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';
import { getCounts } from '../conversations/counts.svelte';

/** What the office writes to colleagues: a list of its own. Technicians have it among their conversations. */
export const team: Feature = {
  route: /^\/team(\/|$)/,
  title: t('internal.team'),
  load: patient(() => import('./TeamPage.svelte')),
  nav: {
    at: 'first',
    href: '/team',
    label: t('internal.team'),
    icon: 'bubble',
    live() {
      const counts = getCounts();
      return {
        get unread() {
          return counts.internal;
        },
      };
    },
  },
  needs: 'browse',
};
