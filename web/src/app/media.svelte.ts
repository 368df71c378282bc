import { MediaQuery } from 'svelte/reactivity';

import { LAYOUTS } from './layouts';

/** The three layouts of UI.md: phone, narrow (the side panel is a drawer), office. */
export const phone = new MediaQuery(LAYOUTS.phone, false);
export const slim = new MediaQuery(LAYOUTS.slim, false);
export const narrow = new MediaQuery(LAYOUTS.narrow, false);
/** Fingers write here: Enter breaks the line, and only the arrow sends. */
export const coarse = new MediaQuery(LAYOUTS.touch, false);
