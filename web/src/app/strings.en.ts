import { activity } from './strings/activity.en';
import { acts } from './strings/acts.en';
import { attach } from './strings/attach.en';
import { audience } from './strings/audience.en';
import { begin } from './strings/begin.en';
import { bulk } from './strings/bulk.en';
import { commands } from './strings/commands.en';
import { composer } from './strings/composer.en';
import { consent } from './strings/consent.en';
import { customer } from './strings/customer.en';
import { dayoff } from './strings/dayoff.en';
import { devices } from './strings/devices.en';
import { dictation } from './strings/dictation.en';
import { facts } from './strings/facts.en';
import { field } from './strings/field.en';
import { files } from './strings/files.en';
import { finding } from './strings/finding.en';
import { installed } from './strings/installed.en';
import { internal } from './strings/internal.en';
import { jobs } from './strings/jobs.en';
import { ladder } from './strings/ladder.en';
import { later } from './strings/later.en';
import { list } from './strings/list.en';
import { me } from './strings/me.en';
import { notes } from './strings/notes.en';
import { offline } from './strings/offline.en';
import { outbox } from './strings/outbox.en';
import { notifications } from './strings/notifications.en';
import { quarantine } from './strings/quarantine.en';
import { quick } from './strings/quick.en';
import { session } from './strings/session.en';
import { settings } from './strings/settings.en';
import { staff } from './strings/staff.en';
import { templates } from './strings/templates.en';
import { thread } from './strings/thread.en';
import { unsent } from './strings/unsent.en';
import { wrong } from './strings/wrong.en';

/**
 * Every word on the screen. `{name}` is filled in; an entry with `one` and `other` is chosen by its `{n}`. What comes with
 * a feature stands in a file of its own below `strings/`.
 */
export const en = {
  ...activity,
  ...acts,
  ...attach,
  ...audience,
  ...begin,
  ...bulk,
  ...commands,
  ...composer,
  ...consent,
  ...customer,
  ...dayoff,
  ...devices,
  ...dictation,
  ...facts,
  ...field,
  ...files,
  ...finding,
  ...installed,
  ...internal,
  ...jobs,
  ...ladder,
  ...later,
  ...list,
  ...me,
  ...notes,
  ...notifications,
  ...offline,
  ...outbox,
  ...quarantine,
  ...quick,
  ...session,
  ...settings,
  ...staff,
  ...templates,
  ...thread,
  ...unsent,
  ...wrong,

  'app.name': 'Porchlight',
  'app.skip': 'Skip to the conversations',
  'app.skipPage': 'Skip to the page',
  'app.missing': 'This page does not exist',
  'app.missingWhy': 'The address may be old, or mistyped.',
  'app.home': 'Go to the conversations',
  'app.retry': 'Try again',
  'app.close': 'Close',
  'app.broken': 'This screen stopped working',
  'app.brokenWhy': 'Your drafts are safe. Loading the page again mends it.',
  'app.reload': 'Load again',
  'time.now': 'now',
  'time.today': 'Today, {day}',
  'time.yesterday': 'Yesterday, {day}',
  'time.tomorrow': 'Tomorrow, {day}',
  'time.seconds': '{n} s',
  'time.minutes': '{n} min',
  'time.hours': '{n} h',
  'time.hoursMinutes': '{h} h {m} min',
  'time.days': '{n} d',
  'time.waits': 'waits {time}',
  'nav.main': 'Main',
  'nav.conversations': 'Conversations',
  'nav.keys': 'Keyboard shortcuts (?)',
  'nav.me': 'Me',
  'nav.unreadWord': 'unread',
  'nav.unread': { one: '{n} unread', other: '{n} unread' },
  'live.quiet': 'Reconnecting. What you see may be a moment old.',
  'live.asOf': 'Offline – as of {time}.',
  'live.offlineSince': 'Offline since {time}.',
  'live.offlineRead': 'Read and write on. What you send goes once you are back.',
  'channel.sms': 'SMS',
  'channel.email': 'Email',
  'channel.portal': 'Portal',
} as const;
