import { describe, expect, it } from 'vitest';

import { matching, mentioned, stretches, typedName, unknown } from '../../src/features/notes/mentions';

const PEOPLE = [
  { id: 'ana', name: 'Ana' },
  { id: 'ruiz', name: 'Ana Ruiz' },
  { id: 'luis', name: 'Luis Ortega' },
  { id: 'zoe', name: 'Zoë Núñez' },
];

describe('a mention', () => {
  it.each([
    ['@Luis Ortega, look', ['luis']],
    ['ask @luis', ['luis']],
    ['(@Luis)', ['luis']],
    ['line\n@Ana Ruiz and @Zoë Núñez', ['ruiz', 'zoe']],
    ['@Ana: done', ['ana']],
    ['@Luis @Luis', ['luis']],
    ['write to ana@luis.example', []],
    ['see x@Luis', []],
    ['@luis.ortega@example.com', []],
    ['@Luisa', []],
    ['@', []],
    ['no names here', []],
  ])('in “%s” names %j', (text, ids) => {
    expect(mentioned(text, PEOPLE)).toEqual(ids);
  });

  it('is set apart, and nothing of the text is lost', () => {
    const text = 'Hi @Luis, @Ana Ruiz: a@Luis';
    const cut = stretches(text, PEOPLE);
    expect(cut.map((one) => one.text).join('')).toBe(text);
    expect(cut.filter(({ names }) => names).map((one) => one.text)).toEqual(['@Luis', '@Ana Ruiz']);
  });

  it.each([
    ['@', ''],
    ['Hi @lu', 'lu'],
    ['(@Ana R', 'Ana R'],
    ['a@lu', null],
    ['Hi @lu ort eg', null],
    ['nothing', null],
  ])('typed as “%s” asks for %j', (before, part) => {
    expect(typedName(before)?.part ?? null).toBe(part);
  });

  it.each([
    ['@Zed, look', [{ name: 'Zed', at: 0 }]],
    ['ask @Luis and (@Maud)', [{ name: 'Maud', at: 15 }]],
    ['@Luisa', [{ name: 'Luisa', at: 0 }]],
    ['ana@luis.example or @luis.ortega@example.com', []],
    ['@3pm, @ noon, a @', []],
  ])('in “%s” leads to nobody by %j', (text, names) => {
    expect(unknown(text, PEOPLE)).toEqual(names);
  });

  it('by a first name that two have leads to nobody', () => {
    const two = [...PEOPLE, { id: 'luis2', name: 'Luis Brown' }];
    expect([mentioned('@Luis', two), unknown('@Luis', two)]).toEqual([[], [{ name: 'Luis', at: 0 }]]);
  });

  it('by a first name is of who works here, before who has left', () => {
    const all = [
      ...PEOPLE,
      { id: 'luis2', name: 'Luis Brown', left: true },
      { id: 'zed', name: 'Zed Po', left: true },
    ];
    expect(mentioned('@Luis, @Luis Brown and @Zed', all)).toEqual(['luis', 'luis2', 'zed']);
  });

  it('offers whose name or a word of it begins so, accents or none', () => {
    const names = (part: string) => matching(PEOPLE, part).map(({ id }) => id);
    expect(names('or')).toEqual(['luis']);
    expect(names('zoe n')).toEqual(['zoe']);
    expect(names('NUN')).toEqual(['zoe']);
    expect(names('ana')).toEqual(['ana', 'ruiz']);
    expect(names('')).toHaveLength(4);
  });
});
