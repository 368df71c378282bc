// What was found is marked wherever it was found; what was not, has a near word to try.
import { screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Row, Suggestion } from '../../src/api/types';
import { frame } from '../../src/app/frame.svelte';
import ConversationRow from '../../src/features/conversations/ConversationRow.svelte';
import EmptyList from '../../src/features/conversations/EmptyList.svelte';
import { termsOf } from '../../src/features/conversations/highlight';
import Palette from '../../src/features/palette/Palette.svelte';
import type { Inbox } from '../../src/inbox.svelte';
import { drawIn, openInbox } from './inbox';

let inbox: Inbox;
beforeEach(async () => {
  inbox = await openInbox();
});
afterEach(() => inbox.stop());

const rowOf = (name: string) =>
  [...inbox.conversations.known.values()].find((one) => one.name === name) as Row;

describe('a search that finds nothing', () => {
  const draw = (suggested: Partial<Suggestion>) => {
    inbox.list.query = { ...inbox.list.query, q: 'dehumidifer' };
    inbox.list.suggested = { suggestion: null, suggestion_found: null, ...suggested };
    drawIn(inbox, EmptyList, { office: true });
  };

  it('offers a near word and how much it finds; one press searches for it', async () => {
    draw({ suggestion: 'dehumidifier', suggestion_found: 3 });
    await userEvent.click(screen.getByRole('button', { name: 'Try “dehumidifier” (3)' }));
    expect(inbox.list.query.q).toBe('dehumidifier');
  });

  it('offers nothing where nothing is near', () => {
    draw({ suggestion: null, suggestion_found: null });
    expect(screen.queryByRole('button', { name: /Try/ })).toBeNull();
    expect(screen.getByRole('button', { name: /Clear search/ })).toBeTruthy();
  });
});

describe('what was found', () => {
  const marks = (row: Row, q: string) => {
    const { unmount } = drawIn(inbox, ConversationRow, {
      row,
      terms: termsOf(q),
      current: false,
      stop: true,
    });
    const found = [...document.querySelectorAll('mark')].map(({ textContent }) => textContent);
    unmount();
    return found;
  };

  it('is marked in the name, the number, the job and the message', () => {
    const maria = rowOf('Maria Delgado');
    expect(marks(maria, 'maria')).toEqual(['Maria']);
    expect(marks(maria, '2075550188')).toEqual(['207) 555-0188']);
    expect(marks(maria, '1042')).toEqual(['1042']);
    expect(marks({ ...maria, name: 'Lars Sørensen' }, 'sorensen')).toEqual(['Sørensen']);
    const text = 'I live in Unter den Linden straße 4';
    inbox.list.matches = new Map([[maria.id, { conversation_id: maria.id, seq: 2, direction: 'in', text }]]);
    expect(marks(maria, 'strasse')).toEqual(['straße']);
  });

  it('is found in the palette by what one types', async () => {
    inbox.conversations.take([{ ...rowOf('Joy Carter'), version: 99, name: 'Joy Sørensen-O’Hara' }]);
    frame.palette = true;
    drawIn(inbox, Palette, { sets: [] });
    await userEvent.type(screen.getByRole('combobox'), "sorensen-o'hara");
    expect(screen.getByRole('option').textContent).toContain('Joy Sørensen-O’Hara');
    frame.palette = false;
  });
});
