import type { SettingsPage } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

export const notifications: SettingsPage = {
  route: /^\/settings\/notifications\/?$/,
  title: t('notify.title'),
  load: patient(() => import('./NotificationsPage.svelte')),
  nav: {
    at: 'settings',
    group: 'browser',
    href: '/settings/notifications',
    label: t('notify.title'),
    note: t('notify.note'),
    icon: 'bell',
  },
};
