import { t } from '../../app/strings';

const MICROS_PER_CENT = 10_000;

/** "1.58 ¢", "$12.40": what was charged, exactly enough; other currencies as they are written where they are used. */
export function amount({ micros, currency }: { micros: number; currency: string }): string {
  const cents = micros / MICROS_PER_CENT;
  if (currency === 'USD' && cents < 100) return t('price.cents', { cents: Math.round(cents * 100) / 100 });
  const style = { style: 'currency', currency, maximumFractionDigits: cents < 100 ? 4 : 2 } as const;
  return new Intl.NumberFormat(navigator.language, style).format(micros / 1_000_000);
}
