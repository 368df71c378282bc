// Holds who may import whom in `src`: no circles, also not by types or by what is fetched later; `api`, `app` and `live`
// know no feature; the files at the root, which wire everything, are imported by each other only. eslint-plugin-import-x
// does not see through the script of a .svelte file, so this reads them with Svelte's and TypeScript's own parsers.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parse } from 'svelte/compiler';
import ts from 'typescript';

const source = new URL('../src', import.meta.url).pathname;
const files = readdirSync(source, { recursive: true })
  .map(String)
  .filter((file) => /\.(svelte|ts)$/.test(file) && !file.endsWith('.d.ts'));

/** Every module that a file names, in its script or in its template. */
function named(file) {
  const text = readFileSync(join(source, file), 'utf8');
  if (!file.endsWith('.svelte')) return ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  return [...sources(parse(text, { modern: true }))];
}

function* sources(node) {
  if (node === null || typeof node !== 'object') return;
  if (typeof node.source?.value === 'string') yield node.source.value;
  for (const child of Object.values(node)) yield* sources(child);
}

/** The file of ours that a relative name means; none for packages and style sheets. */
function resolve(name, from) {
  if (!name.startsWith('.')) return null;
  const path = join(source, dirname(from), name);
  const found = [path, `${path}.ts`].find((one) => /\.(svelte|ts)$/.test(one) && existsSync(one));
  return found ? relative(source, found) : null;
}

const imports = new Map(
  files.map((file) => [
    file,
    // A component that draws itself within itself imports itself.
    [...new Set(named(file).map((name) => resolve(name, file)))].filter((to) => to && to !== file),
  ]),
);

/** One circle through each knot of files, if there are any. */
function circles() {
  const found = [];
  const done = new Set();
  const visit = (file, path) => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    for (const to of imports.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found.map((circle) => `a circle: ${circle.join(' → ')}`);
}

const root = (file) => !file.includes('/');
const below = (file) => /^(api|app|live)\//.test(file);
const wrong = [...imports].flatMap(([file, all]) =>
  all
    .filter((to) => (root(to) && !root(file)) || (below(file) && to.startsWith('features/')))
    .map((to) => `the wrong way: ${file} → ${to}`),
);

const problems = [...circles(), ...wrong];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`${files.length} files, no circle`);
