// What goes to customers is in signs that a text has cheaply: no curly apostrophes, no dashes.
export const field = {
  'field.way': 'On my way',
  'field.late': '20 min late',
  'field.outside': 'I’m outside',
  'field.over': 'Running over',
  'field.minutes': '{n} min',
  'field.back': 'Back',
  'field.choose': 'On my way: choose how many minutes it takes',
  'field.label': 'Short answers',
  'field.hello': 'Hi {customer}, this is {technician}. {words}',
  'field.helloNobody': 'Hi, this is {technician}. {words}',
  'field.wayText': "I'm on my way and should be there in about {n} minutes.",
  'field.lateText': "I'm running about 20 minutes late. Sorry for the wait.",
  'field.lateFor': "I'm running about 20 minutes late for your {time} visit. Sorry for the wait.",
  'field.outsideText': "I'm outside.",
  'field.overText': "The job before yours is running over. I'll text you when I'm on my way.",
} as const;
