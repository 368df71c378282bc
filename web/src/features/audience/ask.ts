import { answer, api } from '../../api/client';
import type { Audience } from '../../api/types';

/** Who sees a conversation now. */
export const askAudience = (id: string): Promise<Audience> =>
  answer(api.GET('/api/conversations/{id}/audience', { params: { path: { id } } }));
