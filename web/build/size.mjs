// What a first visit loads, signed in, and what it loads when a thread is open, gzip: the document and everything it names,
// and the thread with everything that it names. Fails above either promise of DESIGN §7. What the window fetches by itself
// after that, once it is drawn, is told of beside them; parts loaded on demand are listed, not counted.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const LIMITS = { 'first load': 60_000, 'open thread': 80_000 };
/** Once the list is drawn: what listens, what mends, the hours, what says what was done, and what stands in the place of a thread. */
const AFTER_LIST = ['tabs', 'posting', 'box', 'later', 'hours', 'Later', 'PickPane'];
/** Beside a thread, on a desk where the panel was not put away. */
const AFTER_THREAD = ['tabs', 'posting', 'box', 'later', 'hours', 'Later', 'SidePane'];

const dist = new URL('../dist/', import.meta.url).pathname;
const gzip = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
const files = readdirSync(dist, { recursive: true })
  .map(String)
  .filter((file) => /\.(js|css|html|svg|webmanifest)$/.test(file))
  .sort();
const named = (parts) => files.filter((file) => parts.some((part) => file.startsWith(`assets/${part}-`)));

/** These files, and all that they name outright. */
function closure(files) {
  const found = new Set();
  const queue = [...files];
  while (queue.length > 0) {
    const file = queue.pop();
    if (found.has(file) || !existsSync(join(dist, file))) continue;
    found.add(file);
    queue.push(...names(file));
  }
  return found;
}

function names(file) {
  const text = /\.(js|html)$/.test(file) ? readFileSync(join(dist, file), 'utf8') : '';
  // An icon for a Home Screen is fetched by who puts the app there.
  if (file.endsWith('.html'))
    return [...text.matchAll(/(?:src|(?<!apple-touch-icon" )href)="\/([^"]+)"/g)].map(([, name]) => name);
  return [
    ...[...text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map(([, name]) => `assets/${name}`),
    ...[...text.matchAll(/["`]\/(assets\/[^"`]+\.svg)["`]/g)].map(([, name]) => name),
  ];
}

/** A part that is fetched comes with its style sheets: Vite lists them where it is imported. */
function fetched(parts) {
  const found = named(parts);
  for (const file of files.filter((one) => one.endsWith('.js'))) {
    const text = readFileSync(join(dist, file), 'utf8');
    const list = JSON.parse(text.match(/\bm\.f=(\[[^\]]*\])/)?.[1] ?? '[]');
    for (const [, part, places] of text.matchAll(
      /import\(`\.\/([^`]+)`\)[^[\]]{0,60}__vite__mapDeps\(\[([\d,]*)\]/g,
    ))
      if (found.includes(`assets/${part}`)) found.push(...places.split(',').map((place) => list[place]));
  }
  return found;
}

const first = closure(['index.html']);
const open = new Set([...first, ...closure(fetched(['ThreadPane']))]);

for (const file of files) {
  const when = first.has(file) ? 'first ' : open.has(file) ? 'thread' : 'later ';
  console.log(`${when} ${String(gzip(file)).padStart(7)}  ${file}`);
}
const total = (set) => [...set].reduce((sum, file) => sum + gzip(file), 0);
for (const [what, set, after] of [
  ['first load', first, AFTER_LIST],
  ['open thread', open, AFTER_THREAD],
]) {
  const bytes = total(set);
  const all = total(new Set([...set, ...closure(fetched(after))]));
  console.log(`${what} ${bytes} bytes gzip, limit ${LIMITS[what]}; once drawn, ${all}`);
  if (bytes > LIMITS[what]) process.exitCode = 1;
}
