export const settings = {
  'settings.title': 'Settings',
  'settings.note': 'Yours and the business’s',
  'settings.pages': 'Settings, pages',
  'settings.browser': 'This browser',
  'settings.writing': 'Writing',
  'settings.customers': 'Customers',
  'settings.business': 'Business',
} as const;
