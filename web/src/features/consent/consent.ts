import { CommandId } from '../../api/again';
import { answer, api } from '../../api/client';
import type { ConsentLedger } from '../../api/types';

/** What somebody of the office records. */
export interface Said {
  act: 'grant' | 'revoke' | 'dismiss';
  how: string;
  words: string | null;
  scope: 'reply' | 'service' | 'marketing' | null;
}

const command = new CommandId();

/** Recorded once, however often a lost answer makes somebody press again (P9). */
export function keep(contact: string, said: Said): Promise<ConsentLedger> {
  const call = api.POST('/api/contacts/{contact}/consent', {
    params: { path: { contact } },
    body: { id: command.of([contact, said]), ...said },
  });
  return answer(call).then((ledger) => {
    command.end();
    return ledger;
  });
}

export const ledgerOf = (contact: string): Promise<ConsentLedger> =>
  answer(api.GET('/api/contacts/{contact}/consent', { params: { path: { contact } } }));
