export const composer = {
  'composer.tabs': 'Kind of message',
  'composer.reply': 'Reply',
  'composer.tools': 'More to add',
  'composer.toolKey': '{label} ({key})',
} as const;
