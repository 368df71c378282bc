export const ladder = {
  'ladder.title': 'Unopened messages',
  'ladder.note': 'Who is told when nobody on a job opens one',
  'ladder.lead':
    'What happens when a customer writes about a job of that day and nobody on it opens the message.',
  'ladder.failed': 'This did not load',
  'ladder.on': 'Tell somebody else',
  'ladder.onNote': 'Off: a message waits until somebody opens it.',
  'ladder.text': 'Text the crew after',
  'ladder.alert': 'Then tell the office after',
  'ladder.minutes': 'minutes',
  'ladder.first': {
    one: 'Nobody on the job has opened it for {n} minute: whoever of them agreed to texts on My devices gets one.',
    other:
      'Nobody on the job has opened it for {n} minutes: whoever of them agreed to texts on My devices gets one.',
  },
  'ladder.second': {
    one: 'Still nobody {n} minute later: the office is told.',
    other: 'Still nobody {n} minutes later: the office is told.',
  },
  'ladder.ends': 'An answer, or a look at the message, ends it.',
  'ladder.range': 'Each wait is a whole number of minutes, from 1 to 480.',
  'ladder.save': 'Save',
  'ladder.saved': 'Saved',
  'ladder.notSaved': 'Not saved: {reason}',
} as const;
