import type { Feature } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

/** `/consent/{contact}`: all that was said about texting somebody. */
export const consent: Feature = {
  route: /^\/consent\/[^/]+\/?$/,
  title: t('consent.history'),
  load: patient(() => import('./ConsentPage.svelte')),
  needs: 'keep_consent',
};
