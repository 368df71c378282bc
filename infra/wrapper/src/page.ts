// Writes the shell's own page: `www`, from `page` and where Porchlight is served.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

import { AWAY, origin } from './config';
import { drawn } from './draw';

const page = drawn(readFileSync('page/away.html', 'utf8'), origin(process.env));
mkdirSync('www', { recursive: true });
// Capacitor asks for an index, and opens the hosted one in its place.
for (const name of [AWAY, 'index.html']) writeFileSync(`www/${name}`, page);
