import { createContext, type Component } from 'svelte';

import type { BusinessAct } from '../api/types';
import type { IconName } from './Icon.svelte';

/**
 * What a folder of `features/` adds to the window: a page, and how one gets there. Everything around the pages is drawn
 * from the list of these.
 */
export interface Feature {
  /** The addresses that its page answers. One below the address of another's `nav` belongs to that one's place. */
  route: RegExp;
  /** What the window is called while its page is open. */
  title: string;
  /** Its page. A promise's is a file of its own, fetched when it is opened. */
  load: () => Loaded<Component> | Promise<Loaded<Component>>;
  /** Its place beside the pages. */
  nav?: Nav;
  /** What can be done by the palette and by keys; fetched with the first touch. */
  commands?: () => Promise<{ commands: Commands }>;
  /** For who may not do this, it is not there. */
  needs?: BusinessAct;
}

interface Loaded<T> {
  default: T;
}

export interface Nav {
  /**
   * In the rail and the tab bar, first or at their end; at the end of the rail alone (a phone reaches it from Me); on Me; or
   * in Settings.
   */
  at: 'first' | 'last' | 'rail' | 'me' | 'settings';
  href: string;
  label: string;
  icon: IconName;
  /** A word more, where there is room. */
  note?: string;
  /** What changes about it. Called while a part is made, so that it may ask for stores; read anew each time. */
  live?: () => LiveNav;
}

/** A page of Settings, in one of its groups. */
export interface SettingsPage extends Feature {
  nav: Nav & { at: 'settings'; group: 'browser' | 'writing' | 'customers' | 'business' };
}

export interface LiveNav {
  /** The address with what its page shows now. */
  readonly href?: string;
  /** How much is new there. */
  readonly unread?: number;
  /** Whose it is: drawn as a face, where there is room. */
  readonly person?: string;
}

/** Something that can be done. The palette, the keys and the help sheet are drawn from these. */
export interface Command {
  id: string;
  label: string;
  note?: string;
  icon: IconName;
  /** As it is drawn: "R", "?", "Shift+Enter". One sign is heard everywhere, unless single keys are off. */
  key?: string;
  /** In a list without words: one line for this and its opposite, with both keys. */
  pair?: { label: string; key: string };
  /** That opposite. */
  paired?: boolean;
  scope: Scope;
  /** Null where there is nothing to do it to now, and for keys that a part hears by itself: these are only told of. */
  run: (() => void) | null;
}

export type Scope = 'list' | 'here' | 'writing' | 'anywhere';

/** Called while a part is made, so that it may ask for stores; the list that it hands back is read anew each time. */
export type Commands = () => () => Command[];

export const [getFeatures, setFeatures] = createContext<readonly Feature[]>();
