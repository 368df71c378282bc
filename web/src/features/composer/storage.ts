import type { Unsent } from '../outbox/item';

/** What is being written to a conversation, on this device. `kept`: the server has exactly this text. */
export interface LocalDraft {
  text: string;
  kept: boolean;
}

export type { Held, KeptFile, NoteTo, SentFile, Stuck, Unsent } from '../outbox/item';

export const JOURNAL = 'porchlight.unsent.';

/**
 * Written before the words leave their box, in the same step: a page that goes in that moment loses nothing. Once the
 * outbox's own store has it, it goes. False where this device keeps nothing, or has no room.
 */
export function note(entry: Unsent): boolean {
  try {
    localStorage.setItem(`${JOURNAL}${entry.staff}/${entry.id}`, JSON.stringify(entry));
    return true;
  } catch {
    return false;
  }
}

// A draft belongs to one person: another who signs in on this computer must not see it. It is in `localStorage`, which
// has it before the keystroke ends: a page that goes in that moment loses nothing.
const DRAFT = 'porchlight.draft.';
export const draftKey = (staff: string, conversation: string) => `${DRAFT}${staff}/${conversation}`;

export function localDraft(staff: string, conversation: string): LocalDraft | null {
  try {
    return JSON.parse(localStorage.getItem(draftKey(staff, conversation)) ?? 'null') as LocalDraft | null;
  } catch {
    return null;
  }
}

export function keepDraft(staff: string, conversation: string, draft: LocalDraft | null): void {
  try {
    if (draft) localStorage.setItem(draftKey(staff, conversation), JSON.stringify(draft));
    else localStorage.removeItem(draftKey(staff, conversation));
  } catch {
    // storage switched off or full: the server has it a moment later
  }
}

/** The names in the device's storage that begin so. */
export function keysOf(begin: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(begin));
  } catch {
    return []; // nothing was kept
  }
}

/** Where the files are named that are attached and not sent. */
export const filesKey = (staff: string, conversation: string) => `porchlight.files.${staff}/${conversation}`;
