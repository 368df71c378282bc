// Writes `sw.js`, the service worker with the list of the build's files, and puts the build's id into the page. Parts are
// named by their content; what is not has its digest in the list, so that no file of another build is taken for it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

import { words } from './words.mjs';

const ENTRY = 'src/worker/worker.ts';
const PAGE = 'index.html';
/** Beside the page, and wanted without a connection too. */
const BESIDE = ['favicon.svg', 'manifest.webmanifest'];
/** The documents' pictures, shown where the app is offered to be installed. */
const SCREENS = { 'screens/phone.png': 'list-phone-light', 'screens/desk.png': 'inbox-light' };

/** @returns {import('vite').Plugin} */
export function worker() {
  let root = '';
  return {
    name: 'porchlight-worker',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      root = config.root;
    },
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const beside = BESIDE.map((name) => [name, readFileSync(join(root, 'public', name))]);
        const page = bundle[PAGE];
        const id = digest('sha256', [page.source, ...beside.map(([, content]) => content)], 'hex').slice(
          0,
          12,
        );
        page.source = String(page.source).replace('data-build="none"', `data-build="${id}"`);
        const parts = Object.keys(bundle).filter((name) => name.startsWith('assets/'));
        const files = [
          ...[[PAGE, page.source], ...beside].map(([name, content]) => [`/${name}`, integrity(content)]),
          ...parts.sort().map((name) => [`/${name}`]),
        ];
        this.emitFile({ type: 'asset', fileName: 'sw.js', source: await compiled(root, { id, files }) });
        for (const [fileName, name] of Object.entries(SCREENS))
          this.emitFile({
            type: 'asset',
            fileName,
            source: readFileSync(join(root, `../docs/screens/${name}.png`)),
          });
      },
    },
  };
}

function digest(kind, contents, as) {
  const hash = createHash(kind);
  for (const content of contents) hash.update(content);
  return hash.digest(as);
}

const integrity = (content) => `sha256-${digest('sha256', [content], 'base64')}`;

/** One script that names no other. */
async function compiled(root, told) {
  const [{ output }] = await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'error',
    plugins: [words()],
    define: { BUILD: JSON.stringify(told) },
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: join(root, ENTRY), formats: ['iife'], name: 'worker', fileName: () => 'sw.js' },
    },
  });
  return output[0].code;
}
