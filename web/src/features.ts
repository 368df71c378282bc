import type { Feature } from './app/feature';
import { begin } from './features/begin/feature';
import { consent } from './features/consent/feature';
import { conversations } from './features/conversations/feature';
import { team } from './features/internal/feature';
import { jobs } from './features/jobs/feature';
import { me } from './features/me/feature';
import { settings } from './features/settings/feature';
import { unsent } from './features/unsent/feature';

/** Every page of the window, in the order of the rail. A new one is a folder, a line here, and its words. */
export const features: readonly Feature[] = [conversations, team, jobs, begin, consent, settings, unsent, me];
