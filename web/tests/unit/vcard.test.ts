// A contact card as people read it, in the three forms that phones send.
import { expect, it } from 'vitest';

import { cardsOf } from '../../src/features/files/vcard';

const card = (...lines: string[]) => cardsOf(['BEGIN:VCARD', ...lines, 'END:VCARD'].join('\r\n'))[0];

it('has a name, a company, numbers and addresses', () => {
  expect(
    card(
      'VERSION:3.0',
      'N:Delgado;Maria;;;',
      'FN:Maria Delgado',
      'ORG:Delgado\\, Sons;Kitchens',
      'TEL;TYPE=CELL,VOICE:(207) 555-0188',
      'item1.EMAIL;type=INTERNET;type=WORK:maria@example.com',
    ),
  ).toEqual({
    name: 'Maria Delgado',
    company: 'Delgado, Sons, Kitchens',
    ways: [
      { href: 'tel:2075550188', text: '(207) 555-0188', label: 'mobile' },
      { href: 'mailto:maria@example.com', text: 'maria@example.com', label: 'work' },
    ],
  });
});

it('in the old form, with signs written as numbers and a line that goes on', () => {
  const old = card(
    'VERSION:2.1',
    'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6=',
    'rg;;;',
    'TEL;HOME:+49301234',
  );
  expect(old?.name).toBe('Jörg Müller');
  expect(old?.ways[0]).toEqual({ href: 'tel:+49301234', text: '+49301234', label: 'home' });
});

it('in the new form, folded', () => {
  const one = card('VERSION:4.0', 'FN:Ana', '  Ruiz', 'TEL;VALUE=uri;TYPE="voice,work":tel:+1-207-555-0142');
  expect(one?.name).toBe('Ana Ruiz');
  expect(one?.ways[0]).toEqual({ href: 'tel:+12075550142', text: '+1-207-555-0142', label: 'work' });
});

it('leads nowhere with what is no number and no address', () => {
  const odd = card('FN:X', 'TEL:javascript:alert(1)', 'EMAIL:a@b?bcc=c@d', 'URL:javascript:alert(1)');
  expect(odd?.ways.map(({ href }) => href)).toEqual([null, null]);
});

it('is none where there is none, and each of several', () => {
  expect(cardsOf('<html>')).toEqual([]);
  expect(
    cardsOf('BEGIN:VCARD\nFN:A\nEND:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD').map(({ name }) => name),
  ).toEqual(['A', 'B']);
});
