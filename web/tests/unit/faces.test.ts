// Faces have calm hues by id, and their letters can be read on each, in light and dark.
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { hueOf } from '../../src/app/format';
import { ulid } from '../../src/app/ulid';

const sheet = readFileSync('src/styles/parts.css', 'utf8');
const hues = [...sheet.matchAll(/\.h\d \{\s*--hue: (\d+);/g)].map(([, hue]) => Number(hue));
const face = /\.face \{[^}]*\}/.exec(sheet)![0];

/** Lightness and chroma of a property of a face, in light and dark. */
function colours(property: string): [number, number][] {
  const value = new RegExp(`\\b${property}: light-dark\\((.*)\\);`).exec(face)![1]!;
  return [...value.matchAll(/oklch\(([\d.]+) ([\d.]+) var/g)].map(([, l, c]) => [Number(l), Number(c)]);
}

/** Relative luminance (WCAG) of an OKLCH colour, by way of linear sRGB. */
function luminance([lightness, chroma]: [number, number], hue: number): number {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const contrast = (one: number, two: number) => (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);

describe('faces', () => {
  const [grounds, letters] = [colours('background'), colours('color')];

  it.each([...hues, 300].flatMap((hue) => [['light', 0, hue] as const, ['dark', 1, hue] as const]))(
    'can be read: %s %i, hue %i',
    (_, scheme, hue) =>
      expect(
        contrast(luminance(grounds[scheme]!, hue), luminance(letters[scheme]!, hue)),
      ).toBeGreaterThanOrEqual(4.5),
  );

  it('have the hue of whose they are, the same each time, and every hue is somebody’s', () => {
    const ids = Array.from({ length: 200 }, (_, i) => ulid(1_700_000_000_000 + i));
    expect(ids.map(hueOf)).toEqual(ids.map(hueOf));
    expect(new Set(ids.map(hueOf)).size).toBe(hues.length);
    expect(Math.max(...ids.map(hueOf))).toBe(hues.length);
    expect(hueOf('')).toBe(0);
  });
});
