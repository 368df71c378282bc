// What is on this device of one person beside the databases: what was noted before it was kept, drafts, files in a box.
import { draftKey, filesKey, JOURNAL, keysOf, localDraft } from '../composer/storage';
import { forget } from '../offline/store';
import { forgetAll } from './box';
import type { Unsent } from './item';

export const unnote = (staff: string, id: string): void => drop(`${JOURNAL}${staff}/${id}`);

/** What was noted and not taken over. */
export const noted = (staff: string): Unsent[] =>
  keysOf(`${JOURNAL}${staff}/`).flatMap((key) => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? '[]') as Unsent;
    } catch {
      return [];
    }
  });

function drop(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
}

/** The conversations to which this person wrote something that the server does not have. */
export function unkeptDrafts(staff: string): string[] {
  return keysOf(draftKey(staff, ''))
    .map((key) => key.slice(draftKey(staff, '').length))
    .filter((conversation) => localDraft(staff, conversation)?.kept === false);
}

/** Leaves nothing of this person behind on the device: signing out. */
export async function forgetEverything(staff: string): Promise<void> {
  for (const begin of [
    draftKey(staff, ''),
    filesKey(staff, ''),
    `${JOURNAL}${staff}/`,
    `porchlight.template/${staff}`,
    `porchlight.quick/${staff}`,
  ])
    keysOf(begin).forEach(drop);
  await forgetAll(staff);
  await forget(staff);
}

const CLOCK = 'porchlight.clock';

/** How far the clock was off when the server was last heard: a page without a connection goes on with that. */
export function lastClock(): number | null {
  try {
    const told = localStorage.getItem(CLOCK);
    return told === null ? null : Number(told);
  } catch {
    return null;
  }
}

export function keepClock(offset: number): void {
  try {
    localStorage.setItem(CLOCK, String(offset));
  } catch {
    // the next page learns it from the server
  }
}
