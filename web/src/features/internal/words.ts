import type { Row } from '../../api/types';
import { t } from '../../app/strings';

/** What is told of an internal thread beside its name. */
export function partyOf({ party }: Row): string {
  const { kind, job } = party;
  if (kind === 'crew' && job?.number)
    return t('internal.crewOf', { number: String(job.number), title: job.title });
  return kind === 'staff' ? t('internal.withOffice') : t('internal.colleague');
}

/** Who reads what is written there. */
export function readersOf(row: Row): string {
  if (row.party.kind === 'crew') return t('internal.crew');
  if (row.party.kind === 'staff') return t('internal.staff', { name: row.party.colleague?.name ?? row.name });
  return t('internal.pair');
}
