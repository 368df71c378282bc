import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { executable, flags } from './chromium.mjs';

// Large, and only for this: it lives beside the other tools of the tests, not among the packages of the app.
const VERSION = '12.8.2';
const home = new URL('../../.tools/lighthouse/', import.meta.url).pathname;
const program = join(home, 'node_modules/lighthouse/cli/index.js');

function install() {
  if (existsSync(program)) return;
  mkdirSync(home, { recursive: true });
  const quiet = ['--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['install', '--prefix', home, ...quiet, `lighthouse@${VERSION}`], { stdio: 'inherit' });
}

/** Lighthouse's scores of the signed-in inbox, 0 to 100; the median of three runs for what varies. */
export async function scores(system, cookie, form) {
  install();
  const runs = [1, 2, 3].map(() => run(system, cookie, form)).sort((a, b) => a.performance - b.performance);
  return runs[1];
}

function run(system, cookie, form) {
  const report = join(home, `${form}.json`);
  const options = [
    `${system.url}/conversations`,
    '--quiet',
    // The live feed never ends, so the network is never silent.
    '--max-wait-for-load=15000',
    '--output=json',
    `--output-path=${report}`,
    '--only-categories=performance,accessibility,best-practices',
    `--extra-headers=${JSON.stringify({ Cookie: cookie })}`,
    `--chrome-flags=--headless=new ${flags.join(' ')}`,
    ...(form === 'desktop' ? ['--preset=desktop'] : []),
  ];
  execFileSync('node', [program, ...options], { env: { ...process.env, CHROME_PATH: executable } });
  const { categories } = JSON.parse(readFileSync(report, 'utf8'));
  const score = (name) => Math.round(categories[name].score * 100);
  return {
    performance: score('performance'),
    accessibility: score('accessibility'),
    practices: score('best-practices'),
  };
}
