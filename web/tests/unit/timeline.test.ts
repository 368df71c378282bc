// The log from top to bottom: who wrote and when stands above every line between, and each quiet line has its picture.
import { describe, expect, it } from 'vitest';

import type { Message } from '../../src/api/types';
import { iconOf } from '../../src/features/thread/happened';
import { timeline } from '../../src/features/thread/timeline';

const message = (seq: number, more: Partial<Message> = {}) =>
  ({
    id: String(seq).padStart(26, '0'),
    seq,
    direction: 'in',
    kind: 'customer',
    status: 'received',
    author: null,
    created_at: new Date(Date.UTC(2026, 10, 20, 14, seq)).toISOString(),
    ...more,
  }) as Message;

/** Each bubble as whether it opens and whether it closes its group; and the line between. */
const groups = (firstUnread: number | null): (boolean[] | string)[] =>
  timeline([message(1), message(2), message(3)], [], firstUnread, true)
    .filter(({ kind }) => kind === 'bubble' || kind === 'unread')
    .map((item) => (item.kind === 'bubble' ? [item.first, item.last] : 'new'));

describe('what is new', () => {
  it('ends the group above it, so that no bubble is without sender and time', () => {
    expect(groups(null)).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
    expect(groups(3)).toEqual([[true, false], [false, true], 'new', [true, true]]);
    expect(groups(1)).toEqual(['new', [true, false], [false, false], [false, true]]);
  });

  it('is not there when all of it has gone', () => {
    expect(groups(9)).not.toContain('new');
  });
});

it.each([
  ['Ben assigned this to Luis Ortega', 'assign'],
  ['Luis took this', 'assign'],
  ['Ben unassigned this', 'person'],
  ['Ben closed this', 'archive'],
  ['Ben reopened this', 'inbox'],
  ['Texts are off: the customer sent STOP', 'minus'],
  ['Texts are off: the provider says that the customer opted out', 'minus'],
  ['Texts are off: Ben said that this is not the customer’s number', 'minus'],
  ['Texts are on again: the customer sent START', 'okc'],
  ['Something that is told later', 'circle'],
])('“%s” has the picture of its act', (words, icon) => {
  expect(iconOf(words)).toBe(icon);
});

describe('what is for later', () => {
  const schedule = (undo: boolean) => ({ undo }) as Message['schedule'];
  const drawn = (more: Partial<Message>) =>
    timeline([message(1), message(2, { direction: 'out', kind: 'staff', ...more })], [], null, true).filter(
      ({ kind }) => kind === 'bubble',
    ).length;

  it('is no part of the thread before it goes, nor once it was taken back', () => {
    expect(drawn({ status: 'scheduled', schedule: schedule(false) })).toBe(1);
    expect(drawn({ status: 'canceled', schedule: schedule(false) })).toBe(1);
    expect(drawn({ status: 'queued', schedule: schedule(false) })).toBe(2);
  });

  it('stands there while it can be taken back', () => {
    expect(drawn({ status: 'scheduled', schedule: schedule(true) })).toBe(2);
    expect(drawn({ status: 'canceled', schedule: schedule(true) })).toBe(1);
  });
});
