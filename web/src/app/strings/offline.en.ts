export const offline = {
  'offline.there': 'There offline',
  'offline.coming': 'Downloading for offline…',
  'offline.notThere': 'Could not be downloaded.',
  'offline.noRoom': 'No room for it on this device.',
} as const;
