import { t } from '../../app/strings';
import type { Entry } from './outbox.svelte';

type Why = Exclude<NonNullable<Entry['held']>['why'], 'stale'>;

const WHY: Record<Why, () => string> = {
  old: () => t('outbox.why.old'),
  closed: () => t('outbox.why.closed'),
  'opted-out': () => t('outbox.why.opted-out'),
  gone: () => t('outbox.why.gone'),
  tells: () => t('outbox.why.tells'),
  job: () => t('outbox.why.job'),
};

/** Why what is held is held, as the end of a sentence. */
export const whyHeld = (why: Why): string => WHY[why]();
