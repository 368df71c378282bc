import type { Command } from '../../app/feature';
import { t } from '../../app/strings';
import { getSession } from '../session/session.svelte';

export function commands(): () => Command[] {
  const session = getSession();
  return () => [
    {
      id: 'sign-out',
      label: t('command.signOut'),
      icon: 'signout',
      scope: 'anywhere',
      run: () => void session.signOut(),
    },
  ];
}
