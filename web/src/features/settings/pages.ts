import type { SettingsPage } from '../../app/feature';
import { blocked } from '../blocked/feature';
import { consentRule } from '../consent/rule';
import { dayOff } from '../dayoff/feature';
import { devices } from '../devices/feature';
import { dictation } from '../dictation/feature';
import { ladder } from '../ladder/feature';
import { notifications } from '../notifications/feature';
import { quarantine } from '../quarantine/feature';
import { quick } from '../quick/feature';
import { staff } from '../staff/feature';
import { templates } from '../templates/feature';

/** The pages of Settings, in their order. A new one is a folder, a line here, and its words. */
export const pages: readonly SettingsPage[] = [
  templates,
  quick,
  notifications,
  devices,
  blocked,
  dictation,
  dayOff,
  staff,
  ladder,
  consentRule,
  quarantine,
];
