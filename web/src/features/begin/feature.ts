import type { Feature } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';

/** `/new?contact=…&name=…`: the list, with a conversation with somebody new over it. */
export const begin: Feature = {
  route: /^\/new\/?$/,
  title: t('begin.title'),
  load: patient(() => import('./NewPage.svelte')),
  commands: patient(() => import('./commands')),
  needs: 'begin',
};
