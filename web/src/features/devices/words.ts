import type { Device } from '../../api/types';
import { t } from '../../app/strings';

/** What a device is. */
export const KIND: Record<string, string> = {
  webpush: t('devices.kind.webpush'),
  apns: t('devices.kind.apns'),
  fcm: t('devices.kind.fcm'),
};

/** How it does, and what its owner can do about it. */
export const HEALTH: Record<Device['health'], string> = {
  new: t('devices.health.new'),
  ok: t('devices.health.ok'),
  failing: t('devices.health.failing'),
  refused: t('devices.health.refused'),
  gone: t('devices.health.gone'),
};
