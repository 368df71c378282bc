// A start without an answer: who was here last, as far as this device may say.
import type { Me } from '../../api/types';
import { pictureOf, personOf } from './store';

/** Whoever was signed in here when the server was last heard; null where nothing is kept of them. */
export async function keptMe(staff: string): Promise<Me | null> {
  return (await personOf(staff))?.me ?? null;
}

/** An address at which a picture of a thread that is kept can be shown; null where it is not kept. */
export async function keptPicture(staff: string, url: string): Promise<string | null> {
  const blob = await pictureOf(staff, url);
  return blob && URL.createObjectURL(blob);
}
