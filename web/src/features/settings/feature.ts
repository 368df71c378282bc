import type { Feature } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

export const settings: Feature = {
  // The tray was on Me.
  route: /^\/(settings(\/|$)|me\/set-aside)/,
  title: t('settings.title'),
  load: patient(() => import('./SettingsPage.svelte')),
  nav: {
    at: 'rail',
    href: '/settings',
    label: t('settings.title'),
    note: t('settings.note'),
    icon: 'sliders',
  },
  commands: patient(() => import('./commands')),
};
