import type { Feature } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';
import { getViewer } from '../session/viewer.svelte';

export const me: Feature = {
  route: /^\/me\/?$/,
  title: t('me.title'),
  load: patient(() => import('./MePage.svelte')),
  nav: {
    at: 'last',
    href: '/me',
    label: t('nav.me'),
    note: t('me.note'),
    icon: 'person',
    live() {
      const viewer = getViewer();
      return {
        get person() {
          return viewer.me?.name ?? '';
        },
      };
    },
  },
  commands: patient(() => import('./commands')),
};
