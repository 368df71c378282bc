// What is selected: ranges, one more or less, all of a list.
import { afterEach, beforeEach, expect, it } from 'vitest';

import { everything, Selection, toggled } from '../../src/features/bulk/selection';
import type { Inbox } from '../../src/inbox.svelte';
import { openInbox } from './inbox';

let inbox: Inbox;
let ids: string[];

beforeEach(async () => {
  inbox = await openInbox('/conversations');
  ids = inbox.list.rows.map(({ id }) => id);
});
afterEach(() => inbox.stop());

const pick = (at: number, range = false) => {
  inbox.list.picked = toggled(inbox.list, ids[at] ?? '', range);
  return inbox.list.picked;
};
const picked = () => ids.flatMap((id, at) => (inbox.list.picked?.has(id) ? [at] : []));

it('a range goes up or down from the last one, and adds to what is selected', () => {
  pick(4);
  pick(2, true);
  expect(picked()).toEqual([2, 3, 4]);
  pick(3);
  expect(picked()).toEqual([2, 4]);
  pick(0, true);
  expect(picked()).toEqual([0, 1, 2, 3, 4]);
});

it('without a beginning a range is one, and the last one that is let go ends it', () => {
  pick(1, true);
  expect(picked()).toEqual([1]);
  expect(pick(1)).toBe(null);
});

it('what leaves the list stays selected; of all, one that is let go leaves the others that are known', () => {
  inbox.list.picked = new Selection(['gone', ids[0] ?? '']);
  pick(1);
  expect(inbox.list.picked).toMatchObject({ ids: new Set(['gone', ids[0], ids[1]]) });
  inbox.list.picked = everything(inbox.list);
  expect(inbox.list.picked.has('not loaded yet')).toBe(true);
  pick(0);
  expect(inbox.list.picked).toMatchObject({ all: false, ids: new Set(ids.slice(1)) });
});

it('another list begins with nothing selected', () => {
  pick(0);
  inbox.list.choose({ filter: 'attention' });
  expect(inbox.list.picked).toBe(null);
});
