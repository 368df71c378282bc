import { describe, expect, it } from 'vitest';

import { highlight, termsOf } from '../../src/features/conversations/highlight';
import { parse, parseLinks, plain } from '../../src/features/thread/markdown';
import { contactName, initials } from '../../src/app/format';
import { StreamParser } from '../../src/live/sse';
import { t } from '../../src/app/strings';
import { ulid } from '../../src/app/ulid';

describe('markdown', () => {
  it.each([
    ['**Tuesday** at *nine*', 'Tuesday at nine'],
    ['snake_case_name and 5*4*3', 'snake_case_name and 5*4*3'],
    ['2 * 3 * 4', '2 * 3 * 4'],
    ['`A1` stays', 'A1 stays'],
    ['[the form](https://x.example/f)', 'the form (https://x.example/f)'],
    ['see https://x.example/_a_/b_c.', 'see https://x.example/_a_/b_c.'],
    ['__init__', '__init__'],
  ])('%s leaves as %s', (text, words) => expect(plain(text)).toBe(words));

  it('never makes a link of anything but web and mail addresses', () => {
    for (const text of ['[x](javascript:alert(1))', '[x](data:text/html,hi)', 'javascript:alert(1)'])
      expect(parse(text).some(({ kind }) => kind === 'link')).toBe(false);
  });

  it('leaves a customer’s asterisks alone and still finds addresses', () => {
    expect(parseLinks('*hi* https://a.example/x')).toEqual([
      { kind: 'text', text: '*hi* ' },
      {
        kind: 'link',
        href: 'https://a.example/x',
        children: [{ kind: 'text', text: 'https://a.example/x' }],
      },
    ]);
  });

  // More than any message holds. A reader that tries every beginning with every end would take hours.
  it('reads ten thousand signs in a moment', { timeout: 60_000 }, () => {
    for (const text of ['*'.repeat(10_000), '['.repeat(10_000), '_a'.repeat(5000)])
      expect(plain(text).length).toBeGreaterThan(0);
  });
});

describe('search hits', () => {
  const hits = (text: string, q: string) =>
    highlight(text, termsOf(q))
      .filter(({ hit }) => hit)
      .map(({ text: hit }) => hit);
  it('marks beginnings of words, whatever the accents', () => {
    expect(hits('Maria Delgado', 'delg')).toEqual(['Delg']);
    expect(hits('José Núñez', 'nunez jose')).toEqual(['José', 'Núñez']);
    expect(hits('undelgado', 'delg')).toEqual([]);
    expect(hits('(207) 555-0188', '0188')).toEqual(['0188']);
  });
  it.each([
    ['Unterstraße 4, Straße 5', 'strasse', ['Straße']],
    ['the STRASSE', 'straße', ['STRASSE']],
    ['Lars Sørensen', 'sorensen', ['Sørensen']],
    ['Lars Sorensen', 'sørensen', ['Sorensen']],
    [
      'Łódź, Đorđe, Þór, Æsir, Œuvre, ılık',
      'lodz dorde thor aesir oeuvre ilik',
      ['Łódź', 'Đorđe', 'Þór', 'Æsir', 'Œuvre', 'ılık'],
    ],
    ["O'Brien and O’Brien and OʼBrien", 'obrien', ["O'Brien", 'O’Brien', 'OʼBrien']],
    ['Siobhan OʼBrien', "o'brien", ['OʼBrien']],
    ['Siobhan O’Brien', 'brien', ['Brien']],
    ['the café’s heater', "cafe's", ['café’s']],
    ['cafe\u0301teria, e\u0301te', 'te', []],
    ['ok.thanks', 'thanks', ['thanks']],
    ['a heater, please', 'heater,', ['heater']],
    ['ﬁx the ﬁlter', 'filt', ['ﬁlt']],
    ['(207) 555-0188', '2075550188', ['207) 555-0188']],
    ['(207) 555-0188', '+1 207 555 0188', ['207) 555-0188']],
    ['(207) 555-0188', '555-0188', ['555-0188']],
    ['Job #1042', '1042', ['1042']],
    ['a (b) c+ [d', '(b) [d', ['b', 'd']],
  ] as [string, string, string[]][])('in “%s” marks what %s finds', (text, q, found) =>
    expect(hits(text, q)).toEqual(found),
  );
  it('loses no character', () => {
    const text = 'İstanbul ﬁx 👨‍👩‍👧 e\u0301';
    expect(
      highlight(text, termsOf('fi e ist'))
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});

describe('names and numbers', () => {
  it('reads US numbers as people do', () => expect(contactName('+12075550188')).toBe('(207) 555-0188'));
  it.each([
    ['Maria Delgado', 'MD'],
    ['+12075550188', ''],
    ['Cher', 'C'],
    ['محمد علي', 'مع'],
  ])('%s is %s', (name, letters) => expect(initials(name)).toBe(letters));
  it('counts in words', () =>
    expect([t('list.attention', { n: 1 }), t('list.attention', { n: 5 })]).toEqual([
      '1 needs attention',
      '5 need attention',
    ]));
  it('makes ids that sort by time', () => expect([ulid(1), ulid(2)].sort()[0]).toMatch(/^0{9}1/));
});

describe('a stream of events', () => {
  it('comes out whole however it is cut', () => {
    const stream =
      'id: 1\r\nevent: ready\r\ndata: {"a":\r\ndata: 1}\r\n\r\n: beat\n\nevent: counts\ndata: {}\n\n';
    for (let size = 1; size < stream.length; size++) {
      const parser = new StreamParser();
      const events = [];
      for (let at = 0; at < stream.length; at += size)
        events.push(...parser.push(stream.slice(at, at + size)));
      expect(events).toEqual([
        { id: '1', event: 'ready', data: '{"a":\n1}' },
        { id: null, event: 'counts', data: '{}' },
      ]);
    }
  });
});
