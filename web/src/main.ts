import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';

import { mount } from 'svelte';

import App from './App.svelte';
import { patient } from './app/patient';
import { reloadFor } from './app/torn';
import { named } from './features/conversations/address';
import { reachForThread } from './features/conversations/parts';
import { Session } from './features/session/session.svelte';
import { Inbox } from './inbox.svelte';

// A release replaced the files that this page would load later: take the new page, once. A server that does not answer is
// no release: loading the page again would only lose it.
addEventListener('vite:preloadError', () => {
  const page = fetch(location.href, { method: 'HEAD', cache: 'no-store' });
  page
    .then(({ ok }) => ok && reloadFor(document.documentElement.dataset['build'] ?? ''))
    .catch(() => undefined);
});

// What the address names is fetched beside the questions to the API.
if (named().id) reachForThread();
const session = new Session(() => new Inbox());
void session.begin();

const target = document.getElementById('app');
if (target) mount(App, { target, props: { session } });

// Nobody can write in, or translate, what is not drawn yet.
const later = patient<unknown>(() => import('./app/later'));
void later();
