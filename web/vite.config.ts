import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

import { drawn, FIELDS } from './build/drawn.mjs';
import { layouts } from './build/layouts.mjs';
import { precompress } from './build/precompress.mjs';
import { words } from './build/words.mjs';
import { worker } from './build/worker.mjs';
import { LAYOUTS } from './src/app/layouts.ts';

// PORCHLIGHT_API is where `npm run dev` finds a back end: `cargo run`, or `npm run mock`.
const api = process.env['PORCHLIGHT_API'] ?? 'http://localhost:7878';

/** What the thread shares with parts that come after it: one file, for the same reason as the first page's. */
const SHARED =
  /src\/(app\/(calendar|sheet)|features\/(finding\/finding.svelte|composer\/(focus|tools|desk.svelte)|dictation\/waiting.svelte|later\/open|wrong\/parts|thread\/(files|soon.svelte|failed|clean|markdown|marks)))\b/;

export default defineConfig({
  plugins: [
    layouts(LAYOUTS),
    drawn(),
    svelte(),
    words(),
    worker(),
    precompress(),
    ...(process.env['VITEST'] ? [svelteTesting()] : []),
  ],
  server: { proxy: { '/api': { target: api, changeOrigin: false } } },
  build: {
    target: 'es2023',
    // Nothing inline: the content security policy allows only files of our own origin.
    assetsInlineLimit: 0,
    // A part's scripts name what they need themselves, and most of it is there already; its style sheets are named nowhere else.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_, needed) => needed.filter((file) => file.endsWith('.css')),
    },
    reportCompressedSize: false,
    // What the first page needs is one file: cut up, it would compress less well.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What binds fields: forms need it, and the first page has none.
            { name: 'fields', test: FIELDS, priority: 1, includeDependenciesRecursively: false },
            { name: 'index', tags: ['$initial'] },
            { name: 'thread', test: SHARED },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://localhost:7878/' } },
    include: ['tests/unit/**/*.test.ts', 'src/**/*.test.ts'],
    setupFiles: ['tests/unit/setup.ts'],
    maxWorkers: 2,
    // The machine that runs these may be busy with the rest of the tests.
    testTimeout: 30_000,
  },
});
