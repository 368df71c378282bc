import type { SettingsPage } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

export const dictation: SettingsPage = {
  route: /^\/settings\/dictation\/?$/,
  title: t('dictate.title'),
  load: patient(() => import('./DictationPage.svelte')),
  nav: {
    at: 'settings',
    group: 'writing',
    href: '/settings/dictation',
    label: t('dictate.title'),
    note: t('dictate.note'),
    icon: 'mic',
  },
  needs: 'keep_dictation',
};
