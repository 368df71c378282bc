import type { SettingsPage } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

export const staff: SettingsPage = {
  route: /^\/settings\/staff\/?$/,
  title: t('staff.title'),
  load: patient(() => import('./StaffPage.svelte')),
  nav: {
    at: 'settings',
    group: 'business',
    href: '/settings/staff',
    label: t('staff.title'),
    note: t('staff.note'),
    icon: 'person',
  },
  needs: 'keep_staff',
};
