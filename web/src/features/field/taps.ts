import type { Row } from '../../api/types';
import { daysApart, firstName, timeOfDay } from '../../app/format';
import { t } from '../../app/strings';

/** One button of the strip below the words. Without a text it sends nothing. */
export interface Tap {
  id: string;
  label: string;
  text: string | null;
  /** What it does, where its words do not say so. */
  about?: string;
}

/** Who is on the way, to what, and when it is. */
export interface Visit {
  row: Pick<Row, 'customer' | 'job'>;
  technician: string;
  now: number;
}

const MINUTES = [5, 10, 15, 20, 30, 45];

/** With the apostrophe that a text has cheaply. */
const plain = (name: string): string => firstName(name).replace(/[’‘]/g, "'");

function said({ row, technician }: Visit, words: string): string {
  const from = { technician: plain(technician), words };
  const customer = row.customer && plain(row.customer.name);
  return customer ? t('field.hello', { ...from, customer }) : t('field.helloNobody', from);
}

function late({ row: { job }, now }: Visit): string {
  const at = job?.scheduled_at;
  if (!at || daysApart(Date.parse(at), now) !== 0) return t('field.lateText');
  // "2:00 PM" has a narrow space between, which a text has dearly.
  return t('field.lateFor', { time: timeOfDay(at).replace(/\s/g, ' ') });
}

/** What a technician in the field says with one tap, filled from the job. */
export function fieldTaps(visit: Visit): readonly Tap[] {
  return [
    { id: 'field-way', label: t('field.way'), text: null, about: t('field.choose') },
    { id: 'field-late', label: t('field.late'), text: said(visit, late(visit)) },
    { id: 'field-outside', label: t('field.outside'), text: said(visit, t('field.outsideText')) },
    { id: 'field-over', label: t('field.over'), text: said(visit, t('field.overText')) },
  ];
}

/** How long it takes. */
export function wayTaps(visit: Visit): readonly Tap[] {
  const minutes = MINUTES.map((n) => ({
    id: `field-way-${n}`,
    label: t('field.minutes', { n }),
    text: said(visit, t('field.wayText', { n })),
  }));
  return [{ id: 'field-back', label: t('field.back'), text: null }, ...minutes];
}
