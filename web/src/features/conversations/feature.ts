import type { Feature } from '../../app/feature';
import { patient } from '../../app/patient';
import { t } from '../../app/strings';
import { ROUTE } from './address';
import ConversationsPage from './ConversationsPage.svelte';
import { getCounts } from './counts.svelte';
import { getList } from './list.svelte';

export const conversations: Feature = {
  route: ROUTE,
  title: t('nav.conversations'),
  // The first page: it comes with the window.
  load: () => ({ default: ConversationsPage }),
  nav: {
    at: 'first',
    href: '/conversations',
    label: t('nav.conversations'),
    icon: 'chats',
    live() {
      const [list, counts] = [getList(), getCounts()];
      return {
        get href() {
          return list.address;
        },
        get unread() {
          return counts.unread;
        },
      };
    },
  },
  commands: patient(() => import('./commands')),
};
