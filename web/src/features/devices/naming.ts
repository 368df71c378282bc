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

type Agent = Pick<Navigator, 'userAgent' | 'maxTouchPoints'>;

/** An iPad that says it is a Mac is told apart by its fingers. */
function systemOf({ userAgent, maxTouchPoints }: Agent): string | undefined {
  const found = first(SYSTEMS, userAgent);
  return found === 'Mac' && maxTouchPoints > 1 ? 'iPad' : found;
}

/** What the app of a store is called in the list: "Porchlight on iPhone". */
export function appName(agent: Agent): string {
  const system = systemOf(agent);
  return system ? t('devices.nameOf', { browser: t('app.name'), system }) : t('app.name');
}

/** What a device is called in the list: "Chrome on Windows". */
export function deviceName(agent: Agent): string {
  const [browser, system] = [first(BROWSERS, agent.userAgent), systemOf(agent)];
  return browser && system
    ? t('devices.nameOf', { browser, system })
    : (browser ?? system ?? t('devices.nameless'));
}
