/** Who is at the other end, and what is done for them. */
export const customer = {
  'job.state.scheduled': 'Scheduled',
  'job.state.unscheduled': 'Not scheduled',
  'job.state.in_progress': 'In progress',
  'job.state.completed': 'Completed',
  'job.state.canceled': 'Canceled',
  'customer.textsDoubt': 'Texts: on hold.',
  'customer.textsDoubtWhy': 'They may have asked you to stop.',
  'list.inDoubt': 'Opted out?',
} as const;
