// The mock answers as the API document says, or the tests that use it fail (setup.ts). Here: that a drift is seen.
import { expect, it } from 'vitest';

import { answerFaults, eventFaults } from '../mock/contract.mjs';
import { mock } from './setup';

const me = () => mock.world.me('ana@harbor.example');
const ofMe = (body: object, status = 200, type = 'application/json') =>
  answerFaults('GET', '/api/me', status, type, body).join();

it('an answer of the document has no fault', () => {
  expect(ofMe(me())).toBe('');
  expect(ofMe({ type: 'urn:x', title: 'No', status: 401, who: {} }, 401, 'application/problem+json')).toBe(
    '',
  );
});

it.each([
  ['a field is missing', () => ofMe({ ...me(), role: undefined }), /required property 'role'/],
  ['a field is unknown', () => ofMe({ ...me(), nickname: 'A' }), /nickname/],
  ['a field deeper down is unknown', () => ofMe({ ...me(), staff: [{ ...me().staff[0], age: 4 }] }), /age/],
  ['a value is no value of it', () => ofMe({ ...me(), role: 'owner' }), /role must be/],
  ['a status is never answered', () => ofMe({}, 409), /never answers 409/],
  ['a type is never answered', () => ofMe({}, 200, 'text/html'), /is never text\/html/],
  ['a path is in no document', () => answerFaults('GET', '/api/x', 200, '', {}).join(), /in no document/],
  ['an event is unknown', () => eventFaults('message.lost', {}).join(), /no event message.lost/],
  ['an event lacks a field', () => eventFaults('counts', { total: 1, unread: 0 }).join(), /attention/],
])('it is seen when %s', (_, faults, words) => expect(faults()).toMatch(words));

it('a drifting mock is told of', async () => {
  mock.world.me = ((real) => (email: string) => ({ ...real.call(mock.world, email), nickname: 'A' }))(
    mock.world.me,
  );
  await fetch('/api/me');
  expect(mock.drift.splice(0).join()).toMatch(/nickname/);
});
