export const notifications = {
  'notify.title': 'Notifications of this browser',
  'notify.note': 'Sound and desktop notifications',
  'notify.lead':
    'For texts that come in while another window is in front. They are yours, in this browser only: a colleague who signs in here has their own.',
  'notify.desktop': 'Desktop notification',
  'notify.desktopNote': 'One for each conversation, however many tabs are open.',
  'notify.sound': 'Sound',
  'notify.soundNote': 'A short one for each text.',
  'notify.preview': 'Show what the text says',
  'notify.previewNote': 'Off: only who wrote. Others may see this screen, too.',
  'notify.denied': 'This browser blocks notifications from Porchlight.',
  'notify.deniedWhy':
    'Press the sign to the left of the address, set Notifications to Allow, and come back here. If it is not there, look under the browser’s settings, Privacy, Notifications.',
  'notify.none': 'This browser shows no notifications here.',
  'notify.noneWhy':
    'It needs an address that begins with https, in a browser on a computer. The sound works.',
  'notify.keeps': 'While one of these is on, this browser stays connected in the background.',
  'notify.test': 'Try it',
  'notify.testOff': 'Turn one of them on to try it.',
  'notify.tested':
    'Shown just now. Did you not see it? The computer’s own settings may hold notifications back.',
  'notify.heard': 'Played just now.',
  'notify.mute': 'This browser did not let us play a sound. Click anywhere on the page, then try again.',
  'notify.testBody': 'A new text looks like this.',
  'notify.texts': { one: 'New text', other: '{n} new texts' },
} as const;
