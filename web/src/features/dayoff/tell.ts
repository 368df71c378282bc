import type { Colleague, Me } from '../../api/types';
import { firstName } from '../../app/format';
import { router } from '../../app/router.svelte';
import { t } from '../../app/strings';
import type { Toasts } from '../toasts/toasts.svelte';
import { isOff } from './off';

interface Heard {
  me: Me;
  before: readonly Colleague[];
  toasts: Toasts;
}

/** The office is told when somebody else is off by now, and comes from there to what wants somebody else. */
export function tellOff({ me, before, toasts }: Heard): void {
  if (!me.may.includes('browse') || router.path === '/settings/off-today') return;
  const was = new Set(before.filter(isOff).map(({ id }) => id));
  const known = new Set(before.map(({ id }) => id));
  for (const person of me.staff) {
    if (!known.has(person.id) || was.has(person.id) || person.id === me.id || !isOff(person)) continue;
    const open = () => router.go('/settings/off-today');
    toasts.say('moon', t('dayoff.told', { name: firstName(person.name) }), null, open);
  }
}
