import type { SettingsPage } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

export const quarantine: SettingsPage = {
  route: /^\/(settings|me)\/set-aside\/?$/,
  title: t('quarantine.title'),
  load: patient(() => import('./QuarantinePage.svelte')),
  nav: {
    at: 'settings',
    group: 'business',
    href: '/settings/set-aside',
    label: t('quarantine.title'),
    note: t('quarantine.note'),
    icon: 'inbox',
  },
  needs: 'keep_tray',
};
