import type { Message } from '../../api/types';
import type { IconName } from '../../app/Icon.svelte';
import { t } from '../../app/strings';
import type { Outbox } from '../composer/outbox.svelte';
import type { Thread } from './thread.svelte';

/** What became of a message, as a sign. */
export const ICONS: Record<Message['status'], IconName> = {
  queued: 'clock',
  sending: 'clock',
  scheduled: 'clock',
  sent: 'check',
  delivered: 'checks',
  received: 'check',
  unknown: 'retry',
  undelivered: 'alert',
  failed: 'alert',
  canceled: 'minus',
};

/** Why a message did not arrive, in plain words: "Not delivered: this number is a landline". */
export function whyFailed({ error }: Pick<Message, 'error'>): string {
  const reason = error?.reason.trim().replace(/\.$/, '') || t('status.noReason');
  return /^Not \w+:/.test(reason) ? reason : t('status.failed', { reason });
}

export const isFailed = ({ status }: Pick<Message, 'status'>): boolean =>
  status === 'failed' || status === 'undelivered';

/** It is on its way again, or has been: once is enough, and what comes of it stands there. */
export const sentAgain = (id: string, outbox: Outbox, thread: Thread | undefined): boolean =>
  outbox.entries.some(({ resend_of }) => resend_of === id) ||
  thread?.messages.some(({ resend_of }) => resend_of === id) === true;

/** Where a message stands that has not failed. */
const STANDS: Partial<Record<Message['status'], string>> = {
  queued: t('delivery.queued'),
  sending: t('delivery.sending'),
  sent: t('delivery.sent'),
  delivered: t('delivery.delivered'),
  received: t('delivery.received'),
  scheduled: t('delivery.scheduled'),
  canceled: t('delivery.canceled'),
  unknown: t('delivery.unknown'),
};

/** Where a message stands, in words. */
export const stands = (message: Pick<Message, 'status' | 'error'>): string =>
  STANDS[message.status] ?? whyFailed(message);
