// What a first visit loads, signed in: the document and everything it names, gzip. Fails above the promise of
// DESIGN §7 (60,000 bytes in all). Parts loaded on demand are listed, not counted.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const LIMIT = 60_000;
const dist = new URL('../dist/', import.meta.url).pathname;
const gzip = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

const first = new Set(['index.html']);
const queue = [...readFileSync(join(dist, 'index.html'), 'utf8').matchAll(/(?:src|href)="\/([^"]+)"/g)].map(
  (m) => m[1],
);
while (queue.length > 0) {
  const file = queue.pop();
  if (first.has(file)) continue;
  first.add(file);
  if (!file.endsWith('.js')) continue;
  const code = readFileSync(join(dist, file), 'utf8');
  for (const [, name] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) queue.push(`assets/${name}`);
  for (const [, name] of code.matchAll(/["`]\/(assets\/[^"`]+\.svg)["`]/g)) queue.push(name);
}
// What the inbox itself fetches at once, although it is a file of its own.
for (const file of readdirSync(join(dist, 'assets')))
  if (/^Inbox-.*\.(js|css)$/.test(file)) first.add(`assets/${file}`);

let total = 0;
for (const file of readdirSync(dist, { recursive: true }).map(String).sort()) {
  if (!/\.(js|css|html|svg|webmanifest)$/.test(file)) continue;
  const bytes = gzip(file);
  if (first.has(file)) total += bytes;
  console.log(`${first.has(file) ? 'first' : 'later'} ${String(bytes).padStart(7)}  ${file}`);
}
console.log(`first load ${total} bytes gzip, limit ${LIMIT}`);
if (total > LIMIT) process.exit(1);
