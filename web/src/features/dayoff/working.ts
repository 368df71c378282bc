import { repeat } from '../../api/again';
import { answer, api } from '../../api/client';
import type { BulkProgress } from '../../api/types';

/** A command over many conversations, worked until there is no more to do. */
export async function workedOff(begun: BulkProgress): Promise<BulkProgress> {
  let progress = begun;
  const path = { id: begun.id };
  while (progress.next)
    progress = await repeat(() => answer(api.POST('/api/bulk/{id}/next', { params: { path } })));
  return progress;
}

/** It is taken back as far as nobody changed anything since: how many are as they were. */
export async function takenBack(id: string): Promise<number> {
  for (;;) {
    const call = () => answer(api.POST('/api/bulk/{id}/undo', { params: { path: { id } } }));
    const { undo } = await repeat(call);
    if (!undo?.next) return undo?.done ?? 0;
  }
}
