import type { Audience } from '../../api/types';
import { firstName } from '../../app/format';
import { t } from '../../app/strings';

/** People who are named before the others are counted. */
const NAMED = 3;

/** "Office + Luis, Marta": who sees a conversation, in a line. */
export function lineOf({ office, people }: Audience, me: string | null): string {
  const named = people.filter((person) => !person.office);
  // Whoever asks knows of themselves: they come last.
  const [mine, others] = [named.some(({ id }) => id === me), named.filter(({ id }) => id !== me)];
  const names = [...others.map(({ name }) => firstName(name)), ...(mine ? [t('audience.you')] : [])];
  const more = names.length - NAMED;
  const shown = names.slice(0, NAMED).join(', ');
  const told = more > 0 ? t('audience.more', { people: shown, n: more }) : shown;
  if (!office) return told;
  return names.length === 0 ? t('audience.office') : t('audience.officeAnd', { people: told });
}

/** Nobody's device would tell of the next message. */
export const wakesNobody = ({ office, people }: Audience): boolean =>
  (office?.woken ?? 0) === 0 && people.every(({ push }) => push !== 'woken');
