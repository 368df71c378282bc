import type { Feature } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

export const quarantine: Feature = {
  route: /^\/me\/set-aside\/?$/,
  title: t('quarantine.title'),
  load: patient(() => import('./QuarantinePage.svelte')),
  nav: {
    at: 'me',
    href: '/me/set-aside',
    label: t('quarantine.title'),
    note: t('quarantine.note'),
    icon: 'inbox',
  },
  needs: 'keep_tray',
};
