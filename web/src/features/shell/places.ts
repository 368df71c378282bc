import { getFeatures, type LiveNav, type Nav } from '../../app/feature';
import { router } from '../../app/router.svelte';
import { getViewer } from '../session/viewer.svelte';

/** Where one can go, as it is now. */
export interface Place extends Omit<Nav, 'live'>, Omit<LiveNav, 'href'> {
  /** One is there, or at a page below it. */
  current: boolean;
}

/** Called while a part is made; the list that it hands back is read anew each time. */
export function usePlaces(): () => Place[] {
  const viewer = getViewer();
  const known = getFeatures().flatMap(({ route, nav, needs }) =>
    nav ? [{ route, nav, needs, live: nav.live?.() }] : [],
  );
  return () =>
    known
      .filter(({ needs }) => !needs || viewer.may(needs))
      .map(({ route, nav, live }) => ({
        ...nav,
        href: live?.href ?? nav.href,
        unread: live?.unread,
        person: live?.person,
        current: route.test(router.path) || router.path.startsWith(`${nav.href}/`),
      }));
}
