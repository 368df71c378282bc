export const unsent = {
  'unsent.title': 'Not sent',
  'unsent.lead':
    'You wrote this to conversations that are no longer yours. It went to nobody, and it is on this device alone.',
  'unsent.empty': 'Nothing is left here.',
  'unsent.line': { one: '{n} message could not be sent.', other: '{n} messages could not be sent.' },
  'unsent.look': 'Look',
  'unsent.message': 'Message',
  'unsent.note': 'Internal note',
  'unsent.written': 'written {day}, {time}',
  'unsent.why': 'Its conversation is no longer yours. Hand it on to whoever has it now, or to the office.',
  'unsent.behind': 'It waits behind the one before it.',
  'unsent.copy': 'Copy text',
  'unsent.copied': 'Copied',
  'unsent.notCopied': 'This browser did not let it be copied. Select the words instead.',
  'unsent.ask': 'Discard this message?',
  'unsent.askWhy': 'Nobody got it, and it is nowhere but on this device.',
  'unsent.keep': 'Keep',
} as const;
