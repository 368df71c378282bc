import type { Message } from '../../api/types';

/** What waits for a time that somebody chose is no part of the thread yet, and what was taken back none any more. */
export const isSaid = ({ schedule, status }: Pick<Message, 'schedule' | 'status'>): boolean =>
  !schedule || status === 'scheduled' ? !schedule || schedule.undo : status !== 'canceled';
