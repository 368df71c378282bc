import { t } from '../../app/strings';

const BROWSERS: readonly [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X/, 'Mac'],
  [/Linux/, 'Linux'],
];

const first = (all: readonly [RegExp, string][], agent: string) =>
  all.find(([sign]) => sign.test(agent))?.[1];

/** What a device is called in the list: "Chrome on Windows". An iPad that says it is a Mac is told apart by its fingers. */
export function deviceName({
  userAgent,
  maxTouchPoints,
}: Pick<Navigator, 'userAgent' | 'maxTouchPoints'>): string {
  const found = first(SYSTEMS, userAgent);
  const system = found === 'Mac' && maxTouchPoints > 1 ? 'iPad' : found;
  const browser = first(BROWSERS, userAgent);
  return browser && system
    ? t('devices.nameOf', { browser, system })
    : (browser ?? system ?? t('devices.nameless'));
}
