import type { Command } from '../../app/feature';
import { router } from '../../app/router.svelte';
import { getViewer } from '../session/viewer.svelte';
import { pages } from './pages';

/** Each page by its name. */
export function commands(): () => Command[] {
  const viewer = getViewer();
  return () =>
    pages
      .filter(({ needs }) => !needs || viewer.may(needs))
      .map(({ nav: { href, label, note, icon } }) => ({
        id: `settings ${href}`,
        label,
        note,
        icon,
        scope: 'anywhere',
        run: () => router.go(href),
      }));
}
