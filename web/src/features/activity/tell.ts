import type { TimelineEntry } from '../../api/types';
import type { IconName } from '../../app/Icon.svelte';
import { t } from '../../app/strings';

/** An entry as a line shows it. */
export interface Told {
  icon: IconName;
  /** What happened. */
  title: string;
  /** In which words. */
  words: string;
  /** What else is known: from what, how many files, whether it arrived. */
  facts: string[];
}

const FATES: Partial<Record<NonNullable<TimelineEntry['message']>['status'], string>> = {
  failed: t('activity.notArrived'),
  undelivered: t('activity.notArrived'),
  unknown: t('activity.unknown'),
  canceled: t('activity.taken'),
};
const DEVICES = {
  phone: t('activity.phone'),
  tablet: t('activity.tablet'),
  computer: t('activity.computer'),
};

function ofMessage({ message, by, channel, device }: TimelineEntry): Told {
  if (!message) throw new Error('a message entry tells of none');
  const who = by?.name ?? t('activity.they');
  const facts = [
    device ? DEVICES[device] : '',
    message.files > 0 ? t('activity.files', { n: message.files }) : '',
    FATES[message.status] ?? '',
  ].filter((fact) => fact !== '');
  const words = message.text;
  switch (message.kind) {
    case 'customer':
    case 'staff':
      if (channel === 'email') return { icon: 'mail', title: t('activity.emailed', { who }), words, facts };
      if (channel === 'portal') return { icon: 'globe', title: t('activity.portal', { who }), words, facts };
      return { icon: 'bubble', title: t('activity.texted', { who }), words, facts };
    case 'automated':
      return { icon: 'gear', title: t('activity.automated'), words, facts };
    case 'escalation':
      return { icon: 'siren', title: t('activity.escalation'), words, facts };
    case 'note':
      return { icon: 'lock', title: t('activity.noted', { who }), words, facts };
    case 'internal':
      return { icon: 'lock', title: t('activity.wrote', { name: who }), words, facts };
    case 'system':
      return { icon: 'circle', title: words, words: '', facts: [] };
  }
}

/** In words; `now` tells a visit that is ahead from one that was. */
export function tell(entry: TimelineEntry, now: number): Told {
  const { kind, by, job, consent, customer } = entry;
  const who = by?.name ?? '';
  const number = String(job?.number ?? '');
  const line = (icon: IconName, title: string, words = job?.title ?? ''): Told => ({
    icon,
    title,
    words,
    facts: [],
  });
  switch (kind) {
    case 'message':
      return ofMessage(entry);
    case 'visit':
      return Date.parse(entry.at) > now
        ? line('cal', t('activity.visitAhead', { number }))
        : line('cal', t('activity.visit', { number }));
    case 'job_ended':
      return job?.status === 'canceled'
        ? line('minus', t('activity.canceled', { number }))
        : line('okc', t('activity.completed', { number }));
    case 'assigned':
      return line('assign', t('activity.assigned', { who, number }));
    case 'unassigned':
      return line('out', t('activity.unassigned', { who, number }));
    case 'linked':
      return line('person', t('activity.linked', { name: customer ?? '' }));
    case 'unlinked':
      return line('person', t('activity.unlinked', { name: customer ?? '' }));
    case 'consent': {
      const acts = {
        grant: t('activity.grant'),
        revoke: t('activity.revoke'),
        dismiss: t('activity.dismiss'),
      };
      const how = [consent?.how, by?.name].filter((fact) => fact).join(' · ');
      return line(consent?.act === 'revoke' ? 'off' : 'shield', acts[consent?.act ?? 'dismiss'], how);
    }
  }
}
