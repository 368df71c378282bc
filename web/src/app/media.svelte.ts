import { MediaQuery } from 'svelte/reactivity';

/** The three layouts of UI.md: phone, narrow (the side panel is a drawer), office. */
export const phone = new MediaQuery('(max-width: 767px)', false);
export const narrow = new MediaQuery('(max-width: 1099px)', false);
/** Fingers write here: Enter breaks the line, and only the arrow sends. */
export const coarse = new MediaQuery('(pointer: coarse)', false);
