import type { SettingsPage } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

/** The push ladder: who is told when nobody of the crew opens a customer's message. */
export const ladder: SettingsPage = {
  route: /^\/settings\/push-ladder\/?$/,
  title: t('ladder.title'),
  load: patient(() => import('./LadderPage.svelte')),
  nav: {
    at: 'settings',
    group: 'business',
    href: '/settings/push-ladder',
    label: t('ladder.title'),
    note: t('ladder.note'),
    icon: 'clock',
  },
  needs: 'keep_push_ladder',
};
