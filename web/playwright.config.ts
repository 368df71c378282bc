import { defineConfig } from '@playwright/test';

// The system under test is started by whoever runs this (`cargo test` starts the real one; `npm run test:browser` with
// the mock needs BASE_URL too). BASE_URL: where it answers; SIGN_IN: the JSON line of `cargo run -- --json`.
export default defineConfig({
  testDir: 'tests/browser',
  outputDir: 'test-results',
  workers: 1,
  // Machines differ: what must be quick says so itself.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: 'line',
  use: {
    baseURL: process.env['BASE_URL'] ?? 'http://127.0.0.1:7899',
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'America/New_York',
    trace: 'off',
    // What a worker answers no route of a spec sees: it has a spec of its own, app.spec.ts.
    serviceWorkers: 'block',
    launchOptions: { executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] },
  },
});
