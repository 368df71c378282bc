import type { SettingsPage } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

export const templates: SettingsPage = {
  route: /^\/settings\/templates\/?$/,
  title: t('templates.page'),
  load: patient(() => import('./TemplatesPage.svelte')),
  nav: {
    at: 'settings',
    group: 'writing',
    href: '/settings/templates',
    label: t('templates.page'),
    note: t('templates.pageNote'),
    icon: 'doc',
  },
  needs: 'keep_templates',
};
