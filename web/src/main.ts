import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';

import { mount } from 'svelte';

import App from './App.svelte';
import { patient } from './app/patient';
import { watchParts } from './app/torn.svelte';
import { named } from './features/conversations/address';
import { reachForThread } from './features/conversations/parts';
import { Session } from './features/session/session.svelte';
import { Inbox } from './inbox.svelte';

watchParts(document.documentElement.dataset['build'] ?? '');

// What the address names is fetched beside the questions to the API.
if (named().id) reachForThread();
const session = new Session(() => new Inbox());
void session.begin();

const target = document.getElementById('app');
if (target) mount(App, { target, props: { session } });

// Nobody can write in, or translate, what is not drawn yet.
const later = patient<unknown>(() => import('./app/later'));
void later();
