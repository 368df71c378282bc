// What the window promises, measured on a running system: `node bench/measure.mjs`, one markdown table on standard output.
//
//   SIGN_IN         the JSON line of `porchlight --json`: a system with many conversations and the simulator
//   BASE_URL        where it answers, when that is not the line's `url`
//   THREAD_SIGN_IN  the same of a system whose one thread has 50,000 messages; without it that row is left out
//   ONLY            a choice of load, paint, offline, thread, events, lighthouse
//
// Figures above their bar are marked, and the exit code is 1.
import { browser } from './chromium.mjs';
import { eventsWhileReading } from './events.mjs';
import { firstLoad, largestPaint, promised } from './first-load.mjs';
import { scores } from './lighthouse.mjs';
import { offlineStart } from './offline.mjs';
import { row, table } from './report.mjs';
import { signIn, systemOf } from './system.mjs';
import { openLongThread } from './thread.mjs';

const only = process.env.ONLY?.split(',');
const wanted = (section) => !only || only.includes(section);

const system = systemOf(process.env.SIGN_IN, process.env.BASE_URL);
const cookie = await signIn(system);
const chromium = await browser();
const rows = [];

try {
  if (wanted('load')) {
    const { 'first load': first, 'open thread': thread } = promised();
    rows.push(row('First load (`npm run size`), gzip', first, 60_000, 'bytes'));
    rows.push(row('The same with a thread open, gzip', thread, 80_000, 'bytes'));
    const { bytes, requests } = await firstLoad(chromium, system, cookie);
    const what = `All ${requests} files fetched until 2 s after the list is drawn, signed in, gzip`;
    rows.push(row(what, bytes, null, 'bytes'));
  }
  if (wanted('paint')) {
    const paint = await largestPaint(chromium, system, cookie, { latency: 0 });
    rows.push(row('Largest contentful paint, 4× CPU, 1.6 Mbit/s', paint, 1200, 'ms'));
    const far = await largestPaint(chromium, system, cookie, { latency: 150 });
    rows.push(row('The same with 150 ms of latency', far, null, 'ms'));
  }
  if (wanted('offline')) {
    const { median, worst } = await offlineStart(chromium, system, cookie);
    rows.push(row('Start without a server, 4× CPU, median', median, 1000, 'ms'));
    rows.push(row('The same, worst of 5', worst, null, 'ms'));
  }
  if (wanted('thread') && process.env.THREAD_SIGN_IN) {
    const { messages, median, worst } = await openLongThread(chromium, systemOf(process.env.THREAD_SIGN_IN));
    const what = `Opening a thread of ${messages.toLocaleString('en')} messages`;
    rows.push(row(`${what}, median`, median, 100, 'ms'), row(`${what}, worst of 9`, worst, null, 'ms'));
  }
  if (wanted('events')) {
    const { rate, longest, long } = await eventsWhileReading(chromium, system, cookie);
    rows.push(row(`Tasks over 50 ms while ${rate} events a second arrive`, long, 0, ''));
    rows.push(row('Longest task meanwhile', longest, 50, 'ms'));
  }
} finally {
  await chromium.close();
}
if (wanted('lighthouse')) {
  for (const form of ['desktop', 'phone']) {
    const { performance, accessibility, practices } = await scores(system, cookie, form);
    rows.push(row(`Lighthouse, ${form}: performance`, performance, -95, ''));
    rows.push(row(`Lighthouse, ${form}: accessibility`, accessibility, -100, ''));
    rows.push(row(`Lighthouse, ${form}: best practices`, practices, -95, ''));
  }
}

process.stdout.write(table(rows));
process.exitCode = rows.some(({ missed }) => missed) ? 1 : 0;
