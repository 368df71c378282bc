// Every word of the catalogue is on some screen.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { en } from '../../src/app/strings.en';

const source = join(import.meta.dirname, '../../src');
const code = readdirSync(source, { recursive: true })
  .map(String)
  .filter((file) => /\.(svelte|ts)$/.test(file) && !/strings|schema/.test(file))
  .map((file) => readFileSync(join(source, file), 'utf8'))
  .join('\n');

it('has no key that nobody asks for', () => {
  const starts = [...code.matchAll(/`([a-z]+\.[\w.]*)\$\{/g)].map(([, start]) => start!);
  const idle = Object.keys(en).filter(
    (key) => !code.includes(`'${key}'`) && !starts.some((start) => key.startsWith(start)),
  );
  expect(idle).toEqual([]);
});
