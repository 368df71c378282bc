import { answer, api } from '../../api/client';
import type { ConsentLedger } from '../../api/types';
import { ulid } from '../../app/ulid';

/** What somebody of the office records. */
export interface Said {
  act: 'grant' | 'revoke' | 'dismiss';
  how: string;
  words: string | null;
  scope: 'reply' | 'service' | 'marketing' | null;
}

let asked = '';
let id = '';

/** Recorded once, however often a lost answer makes somebody press again (P9). */
export function keep(contact: string, said: Said): Promise<ConsentLedger> {
  const command = JSON.stringify([contact, said]);
  if (command !== asked) [asked, id] = [command, ulid()];
  const call = api.POST('/api/contacts/{contact}/consent', {
    params: { path: { contact } },
    body: { id, ...said },
  });
  return answer(call).then((ledger) => {
    asked = '';
    return ledger;
  });
}

export const ledgerOf = (contact: string): Promise<ConsentLedger> =>
  answer(api.GET('/api/contacts/{contact}/consent', { params: { path: { contact } } }));
