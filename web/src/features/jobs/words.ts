// What is said of a job: its time, its state, how its customer is reached.
import type { JobNumber, WorkdayJob } from '../../api/types';
import { contactName, firstName, format, timeOfDay } from '../../app/format';
import type { IconName } from '../../app/Icon.svelte';
import { t } from '../../app/strings';

type State = WorkdayJob['status'] | 'unscheduled';

const LOOKS: Record<State, [colour: string, icon: IconName]> = {
  scheduled: ['blue', 'cal'],
  unscheduled: ['grey', 'cal'],
  in_progress: ['green', 'clock'],
  completed: ['grey', 'check'],
  canceled: ['grey', 'minus'],
};

/** Its state: a word, a colour and a shape. */
export function lookOf({ status, starts_at }: WorkdayJob): { words: string; colour: string; icon: IconName } {
  const state: State = status === 'scheduled' && !starts_at ? 'unscheduled' : status;
  const [colour, icon] = LOOKS[state];
  return { words: t(`job.state.${state}`), colour, icon };
}

/** "2:00–4:00 PM", "2:00 PM", "Done 7:40 AM". */
export function timeOf({ status, starts_at, ends_at, ended_at }: WorkdayJob): string {
  if (status === 'completed' && ended_at) return t('jobs.doneAt', { time: timeOfDay(ended_at) });
  if (status === 'canceled' && ended_at) return t('jobs.canceledAt', { time: timeOfDay(ended_at) });
  if (!starts_at) return t('jobs.noTime');
  if (!ends_at) return timeOfDay(starts_at);
  return t('jobs.time', { from: timeOfDay(starts_at), to: timeOfDay(ends_at) });
}

const weekdays = new Intl.DateTimeFormat(navigator.language, {
  weekday: 'long',
  month: 'long',
  day: 'numeric',
  // A date is one wherever it is read.
  timeZone: 'UTC',
});

/** "Friday, November 20", for a date. */
export const dayName = (date: string): string => weekdays.format(Date.parse(date));

/** "Maria's cell", or the number itself. */
export const calledOf = ({ label, contact }: JobNumber): string => label ?? contactName(contact);

/** The day and time of one that stands on another day. */
export const dateOf = ({ starts_at }: WorkdayJob): string =>
  starts_at ? format('longDay', Date.parse(starts_at)) : '';

/** Numbers that a phone can call. */
export const phonesOf = ({ numbers }: WorkdayJob): JobNumber[] =>
  numbers.filter(({ contact }) => contact.startsWith('+'));

/** Those that messages go to and come from; the others are only called. */
export const threadsOf = ({ numbers }: WorkdayJob): (JobNumber & { conversation_id: string })[] =>
  numbers.filter(
    (number): number is JobNumber & { conversation_id: string } => number.conversation_id !== null,
  );

export const crewOf = ({ crew }: WorkdayJob, me: string): string =>
  crew.map(({ id, name }) => (id === me ? t('jobs.you', { name: firstName(name) }) : name)).join(', ');
