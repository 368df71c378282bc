// Puts the words of `strings.en.ts` where they are used, so that each file carries its own and no key reaches the browser:
// `t('app.close')` becomes "Close", `t('list.total', {…})` gets its text. What is asked for by a computed key stays in
// the catalogue; everything else leaves it. Building only: in development `t` looks words up.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const CALL = /\bt\(\s*(['"])([a-z]+\.[\w.]+)\1\s*(\)|,)/g;

/** @returns {import('vite').Plugin} */
export function words() {
  let catalogue = {};
  let kept = new Set();
  return {
    name: 'porchlight-words',
    apply: 'build',
    enforce: 'post',
    buildStart() {
      const source = join(process.cwd(), 'src');
      catalogue = read(join(source, 'app/strings.en.ts')).en;
      kept = computed(source, Object.keys(catalogue));
    },
    transform(code, id) {
      if (id.includes('node_modules') || !id.includes('/src/')) return null;
      if (id.endsWith('/strings.en.ts')) {
        const left = Object.entries(catalogue).filter(([key]) => kept.has(key));
        return { code: `export const en = ${JSON.stringify(Object.fromEntries(left))};`, map: null };
      }
      return { code: code.replace(CALL, (call, _, key, end) => place(call, catalogue[key], end)), map: null };
    },
  };
}

/** What a file of words exports, with those that it takes in. */
function read(file) {
  const text = readFileSync(file, 'utf8');
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const exports = {};
  const part = (name) => read(`${join(dirname(file), name)}.ts`);
  new Function('exports', 'require', outputText)(exports, part);
  return exports;
}

function place(call, entry, end) {
  if (entry === undefined) return call;
  return end === ')' && typeof entry === 'string'
    ? JSON.stringify(entry)
    : `t([${JSON.stringify(entry)}]${end}`;
}

/** Keys that code names outside a plain call, or that begin as a computed key does. */
function computed(folder, keys) {
  const code = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => /\.(svelte|ts)$/.test(file) && !/strings|schema/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').replace(CALL, ''))
    .join('\n');
  const starts = [...code.matchAll(/`([a-z]+\.[\w.]*)\$\{/g)].map(([, start]) => start);
  return new Set(
    keys.filter((key) => starts.some((start) => key.startsWith(start)) || code.includes(`'${key}'`)),
  );
}
