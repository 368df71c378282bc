import type { SettingsPage } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

export const devices: SettingsPage = {
  route: /^\/settings\/devices\/?$/,
  title: t('devices.title'),
  load: patient(() => import('./DevicesPage.svelte')),
  nav: {
    at: 'settings',
    group: 'browser',
    href: '/settings/devices',
    label: t('devices.title'),
    note: t('devices.note'),
    icon: 'phone',
  },
};
