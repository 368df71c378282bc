// Puts the page together: who is told what when something happens.

import { api } from './api.js';
import { burst } from './burst.js';
import { Composer } from './composer.js';
import { byId, calmly, say } from './dom.js';
import { Events } from './events.js';
import { Faults } from './faults.js';
import { follow } from './live.js';
import { Phone } from './phone.js';
import { count, phone as written } from './words.js';

let connected = true;
let composer = null;

const phone = new Phone(() => composer?.show());
composer = new Composer(phone);
const faults = new Faults();
const refreshSummary = calmly(200, summary);
const events = new Events(refreshSummary);
const refreshFaults = calmly(50, () => faults.load());
const refreshSettings = calmly(50, settings);

async function settings() {
  const [health, answering] = await Promise.all([api.health(), api.answering()]);
  const [first, ...others] = health.lines;
  const line = first ? `Line ${written(first.number)}${others.length > 0 ? ` and ${others.length} more` : ''}` : 'No line yet';
  byId('about').textContent = `${line} · seed ${health.seed}`;
  phone.lines = health.lines;
  byId('answering').setAttribute('aria-checked', String(answering));
  byId('burst').disabled = health.lines.length === 0;
  const inbox = byId('inbox');
  inbox.hidden = !/^https?:/.test(health.inbox_url ?? '');
  if (!inbox.hidden) inbox.href = health.inbox_url;
  composer.show();
}

async function summary() {
  const shown = byId('summary');
  const words = shown.querySelector('.words');
  const icon = (name) => shown.querySelector('use').setAttribute('href', `#i-${name}`);
  const state = (name) => {
    shown.classList.toggle('bad', name === 'bad');
    shown.classList.toggle('wait', name === 'wait');
  };
  if (!connected) {
    state('wait');
    icon('clock');
    words.textContent = 'No connection to the simulator. The page goes on by itself when it is back.';
    return;
  }
  const sum = await api.summary();
  state(sum.unexplained > 0 ? 'bad' : sum.under_way > 0 ? 'wait' : '');
  icon(sum.unexplained > 0 ? 'alert' : sum.under_way > 0 ? 'clock' : 'shield');
  const bold = document.createElement('b');
  bold.textContent = `${sum.unexplained} unexplained.`;
  const parts = [count(sum.events, 'event'), `${count(sum.messages, 'message')} at the provider`];
  if (sum.under_way > 0) parts.push(`${sum.under_way} under way`);
  if (sum.untold_by_fault > 0) parts.push(`${sum.untold_by_fault} untold because of a fault`);
  words.replaceChildren(bold, ` ${parts.join(', ')}.`);
  shown.title = 'A message is unexplained if Porchlight did not take it, or its last status, and no fault here is the reason.';
}

async function everything() {
  await Promise.all([settings(), phone.phones(), faults.load(), events.load()]).catch(() => {});
  await Promise.all([phone.texts(), summary()]).catch(() => {});
}

function changed(change) {
  refreshSummary();
  if (change.changed === 'phone') {
    phone.refreshPhones();
    if (change.number === phone.number) phone.refreshTexts();
  } else if (change.changed === 'faults') refreshFaults();
  else if (change.changed === 'settings') refreshSettings();
  else {
    phone.forget();
    everything();
  }
}

function show(view) {
  byId('sim').dataset.view = view;
  for (const tab of document.querySelectorAll('.tabs button')) tab.setAttribute('aria-pressed', String(tab.dataset.to === view));
}

// Where there is room the phone is always there, and the tabs choose what stands beside it.
const narrow = matchMedia('(max-width: 767px)');
const fit = () => {
  if (!narrow.matches && byId('sim').dataset.view === 'phone') show('events');
};
narrow.addEventListener('change', fit);
fit();

for (const tab of document.querySelectorAll('.tabs button')) tab.addEventListener('click', () => show(tab.dataset.to));

byId('answering').addEventListener('click', async () => {
  const toggle = byId('answering');
  const wanted = toggle.getAttribute('aria-checked') !== 'true';
  toggle.setAttribute('aria-checked', String(wanted));
  await api.setAnswering(wanted).catch((error) => {
    say(error.message);
    refreshSettings();
  });
});

byId('start-over').addEventListener('click', () => byId('ask').showModal());
byId('ask').addEventListener('close', async () => {
  const { returnValue } = byId('ask');
  byId('ask').returnValue = '';
  if (returnValue !== 'yes') return;
  await api.reset().then(() => say('The simulator started over'), (error) => say(error.message));
});

burst();
follow({
  opened: everything,
  event: (event) => {
    events.add(event);
    if (event.fault) refreshFaults();
  },
  change: changed,
  state: (now) => {
    connected = now;
    refreshSummary();
  },
});
