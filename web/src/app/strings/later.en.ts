/** Times to come. */
export const later = {
  'later.night': 'At night a text waits until 8:00 AM where {name} lives.',
} as const;
