import type { Feature } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

/** What could not be sent, since its conversation is no longer its writer's. One comes here by what tells of it. */
export const unsent: Feature = {
  route: /^\/unsent\/?$/,
  title: t('unsent.title'),
  load: patient(() => import('./UnsentPage.svelte')),
};
