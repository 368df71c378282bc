import type { Message } from '../../api/types';
import { t } from '../../app/strings';

/** Why a message did not arrive, in plain words: "Not delivered: this number is a landline". */
export function whyFailed({ error }: Pick<Message, 'error'>): string {
  const reason = error?.reason.trim().replace(/\.$/, '') || t('status.noReason');
  return /^Not \w+:/.test(reason) ? reason : t('status.failed', { reason });
}
