import type { SettingsPage } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

export const quick: SettingsPage = {
  route: /^\/settings\/quick-replies\/?$/,
  title: t('quick.title'),
  load: patient(() => import('./QuickPage.svelte')),
  nav: {
    at: 'settings',
    group: 'writing',
    href: '/settings/quick-replies',
    label: t('quick.title'),
    note: t('quick.note'),
    icon: 'bubble',
  },
  needs: 'keep_templates',
};
