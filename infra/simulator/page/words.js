// How numbers, times, SIDs, results and faults are written.

const plural = new Intl.PluralRules('en');
const number = new Intl.NumberFormat('en');

export const count = (many, one, more = `${one}s`) => `${number.format(many)} ${plural.select(many) === 'one' ? one : more}`;

// +12075550142 as (207) 555-0142; whatever is no North American number as it is.
export function phone(e164) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : e164;
}

const full = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' });
const short = new Intl.DateTimeFormat('en', { weekday: 'short', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
const exact = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
const hour = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: '2-digit' });

// 9:46:03.412 AM, in the reader's own time zone.
export const clock = (at) => exact.format(new Date(at));
export const wholeTime = (at) => full.format(new Date(at));
export function phoneTime(at) {
  const time = new Date(at);
  const today = time.toDateString() === new Date().toDateString();
  return today ? `Today ${hour.format(time)}` : short.format(time);
}

// SM7c…e91
export const shortSid = (sid) => (sid ? `${sid.slice(0, 4)}…${sid.slice(-3)}` : '');

const inSeconds = (ms) => `${Math.round(ms / 100) / 10} s`;

// "no answer in 15000 ms" as "no answer in 15 s"
export const seconds = (words) => words.replace(/(\d{4,}) ms/g, (_, ms) => inSeconds(ms));

export const size = (bytes) => (bytes >= 1e6 ? `${number.format(Math.round(bytes / 1e5) / 10)} MB` : `${number.format(Math.ceil(bytes / 1e3))} kB`);

const WAYS = {
  from_us: ['up', 'from us'],
  to_us: ['dn', 'to us'],
  webhook: ['gear', 'webhook'],
  phone: ['phone', 'to phone'],
};
export const way = (direction) => WAYS[direction] ?? ['gear', direction];

const TONES = {
  good: ['green', 'check'],
  info: ['blue', 'check'],
  quiet: ['', 'mask'],
  warning: ['amber', 'alert'],
  bad: ['red', 'alert'],
};
export const tone = (given) => TONES[given] ?? TONES.quiet;

const FAULTS = {
  duplicate: ['amber', 'copy', 'duplicate'],
  reorder: ['amber', 'shuffle', 'reordered'],
  delay: ['amber', 'clock', 'delayed'],
  too_many_requests: ['red', 'alert', 'too many'],
  server_error: ['red', 'mask', 'lied: it was sent'],
  timeout_after_accepting: ['red', 'mask', 'lied: it was sent'],
  drop_after_accepting: ['red', 'mask', 'lied: it was sent'],
  server_error_refused: ['red', 'x', 'not accepted'],
  proxy_timeout: ['red', 'x', 'not accepted'],
  drop_before_accepting: ['red', 'x', 'not accepted'],
  lost_callbacks: ['amber', 'off', 'no reports'],
  wrong_signature: ['amber', 'shield', 'forged'],
  edge_down: ['amber', 'bolt', 'our edge down'],
  fail: ['red', 'x', 'fails'],
};

// "drop_after_accepting, delay 6000 ms" as badges: [tone, symbol, words] each.
export function faults(written) {
  return (written ?? '').split(', ').filter(Boolean).map((part) => {
    const [kind, ...measure] = part.split(' ');
    const [colour, symbol, words] = FAULTS[kind] ?? ['amber', 'alert', kind];
    if (kind === 'fail' && measure[0]) return [colour, symbol, measure[0] === '30007' ? 'carrier filter' : `error ${measure[0]}`];
    return [colour, symbol, kind === 'delay' && measure[0] ? `${words} ${inSeconds(measure[0])}` : words];
  });
}
