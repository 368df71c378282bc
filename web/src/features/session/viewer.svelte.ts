import { createContext } from 'svelte';

import type { Act, BusinessAct, Me, Row } from '../../api/types';
import { firstName } from '../../app/format';
import { t } from '../../app/strings';

/** Who looks: the person who is signed in, and what they may. */
export class Viewer {
  me = $state.raw<Me | null>(null);

  /** Empty until it is known who they are. */
  get id(): string {
    return this.me?.id ?? '';
  }

  /** Until it is known, everything: the server has the last word. */
  may(act: BusinessAct): boolean {
    return this.me?.may.includes(act) ?? true;
  }

  /** The same of a conversation; while none is open, what the office may with any. */
  mayWith(row: Row | undefined, act: Act): boolean {
    return row ? row.may.includes(act) : this.may('browse');
  }

  /** "You", or a colleague's first name. */
  called(author: { id: string; name: string } | null): string | null {
    if (!author) return null;
    return author.id === this.id ? t('thread.you') : firstName(author.name);
  }
}

export const [getViewer, setViewer] = createContext<Viewer>();
