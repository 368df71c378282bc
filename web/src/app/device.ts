// What kind of device this is, as far as that decides whether, and how, the app can be installed on it.

/** How the app gets a place of its own. `none`: this browser has no way that we know of. */
export type Way = 'installed' | 'ios' | 'mac' | 'android' | 'none';

/** What a browser tells of itself. */
export interface Told {
  userAgent: string;
  platform: string;
  maxTouchPoints: number;
  /** Safari on a phone or tablet, started from the Home Screen. */
  standalone?: boolean;
}

/** An iPhone or an iPad; the latter says that it is a Mac, and no Mac has a screen for fingers. */
export const isIos = ({ userAgent, platform, maxTouchPoints }: Told): boolean =>
  /iPhone|iPad|iPod/.test(userAgent) || (platform === 'MacIntel' && maxTouchPoints > 1);

/** `own`: the window is the app's, without a browser around it. */
export function wayOf(told: Told, own: boolean): Way {
  if (own || told.standalone === true) return 'installed';
  if (isIos(told)) return 'ios';
  const { userAgent } = told;
  if (/Android/.test(userAgent)) return 'android';
  const safari = /Version\/(\d+).*Safari/.exec(userAgent);
  return safari && Number(safari[1]) >= 17 && !/Chrom/.test(userAgent) ? 'mac' : 'none';
}

const OWN = '(display-mode: standalone), (display-mode: minimal-ui), (display-mode: window-controls-overlay)';

export const way = (): Way => wayOf(navigator as Told, matchMedia(OWN).matches);
export const onIos = (): boolean => isIos(navigator as Told);
