import type { SettingsPage } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

/** From which day on one revocation covers everything. */
export const consentRule: SettingsPage = {
  route: /^\/settings\/consent\/?$/,
  title: t('rule.title'),
  load: patient(() => import('./RulePage.svelte')),
  nav: {
    at: 'settings',
    group: 'customers',
    href: '/settings/consent',
    label: t('rule.title'),
    note: t('rule.note'),
    icon: 'shield',
  },
  needs: 'set_consent_rule',
};
