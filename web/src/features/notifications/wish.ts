// What a person wants to be told of in this browser: kept here, and for nobody else.

/** `desktop`: a notification of the system. `preview`: with the words of the text. */
export interface Wish {
  desktop: boolean;
  sound: boolean;
  preview: boolean;
}

const key = (person: string) => `porchlight.notify.${person}`;

export function wishOf(person: string | null): Wish {
  const nothing = { desktop: false, sound: false, preview: false };
  try {
    return { ...nothing, ...(JSON.parse(localStorage.getItem(key(person ?? '')) ?? '{}') as Partial<Wish>) };
  } catch {
    return nothing;
  }
}

export function keepWish(person: string, wish: Wish): void {
  try {
    localStorage.setItem(key(person), JSON.stringify(wish));
  } catch {
    // storage switched off: nothing is kept, and nothing is told
  }
}

export const permission = (): NotificationPermission | 'none' =>
  'Notification' in globalThis && isSecureContext ? Notification.permission : 'none';

/** Somebody is to be told, also while nobody looks: the feed stays connected for it. */
export function wakes(person: string | null): boolean {
  const { desktop, sound } = wishOf(person);
  return sound || (desktop && permission() === 'granted');
}
