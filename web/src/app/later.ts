// What the window needs once there is something on the screen, and not before.
import '../styles/later.css';
import './composing';

import { installing } from './installing.svelte';
import { readOpened, watchOpened } from './opened';
import { paintAround } from './paint.svelte';
import { release } from './release.svelte';
import { watchTranslation } from './translation';

watchTranslation();
installing.begin();
release.begin();
watchOpened();
readOpened();
paintAround();

// A file that is let go beside its target does not take the place of the window.
for (const type of ['dragover', 'drop'] as const)
  addEventListener(type, (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });

export {};
