import type { SettingsPage } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

export const dayOff: SettingsPage = {
  route: /^\/settings\/off-today\/?$/,
  title: t('dayoff.title'),
  load: patient(() => import('./DayOffPage.svelte')),
  nav: {
    at: 'settings',
    group: 'business',
    href: '/settings/off-today',
    label: t('dayoff.title'),
    note: t('dayoff.note'),
    icon: 'moon',
  },
  needs: 'browse',
};
