import { describe, expect, it } from 'vitest';

import { matching, mentioned, stretches, typedName } from '../../src/features/notes/mentions';

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

  it('offers whose name or a word of it begins so, accents or none', () => {
    const names = (part: string) => matching(PEOPLE, part).map(({ id }) => id);
    expect(names('or')).toEqual(['luis']);
    expect(names('zoe n')).toEqual(['zoe']);
    expect(names('NUN')).toEqual(['zoe']);
    expect(names('ana')).toEqual(['ana', 'ruiz']);
    expect(names('')).toHaveLength(4);
  });
});
