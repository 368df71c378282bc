import { Failure } from '../../api/failure';
import type { Template } from '../../api/types';
import { t } from '../../app/strings';
import type { Desk } from '../composer/desk.svelte';
import { insert } from '../composer/insert';
import { slashOf } from './braces';
import { fill } from './library.svelte';

/** Where one is being filled: the key that asks for it may be pressed twice. */
const busy = new WeakSet<Desk>();

/** Puts a template in the place of the shortcut that was typed for it, if exactly that still stands there. */
export async function take(desk: Desk, { id }: Template, typed: string): Promise<void> {
  if (busy.has(desk)) return;
  busy.add(desk);
  try {
    const { text } = await fill(id, desk.row.id);
    if (slashOf(desk.draft.text) === typed) place(desk, typed, text);
  } catch (cause) {
    desk.toasts.say('alert', t('templates.notFilled', { reason: Failure.from(cause).message }));
  } finally {
    busy.delete(desk);
  }
}

function place({ area, draft, tab }: Desk, typed: string, text: string): void {
  // The box of the reply may be away: something else is written there.
  if (!area || tab !== 'reply') return draft.write(text + draft.text.slice(typed.length));
  area.setSelectionRange(0, typed.length);
  insert(area, text);
}
