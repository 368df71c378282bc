import type { SettingsPage } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

export const blocked: SettingsPage = {
  route: /^\/settings\/blocked\/?$/,
  title: t('blocked.title'),
  load: patient(() => import('./BlockedPage.svelte')),
  nav: {
    at: 'settings',
    group: 'customers',
    href: '/settings/blocked',
    label: t('blocked.title'),
    note: t('blocked.note'),
    icon: 'minus',
  },
  needs: 'keep_blocked',
};
