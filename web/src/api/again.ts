import { t } from '../app/strings';
import { ulid } from '../app/ulid';
import { Failure } from './failure';

const TRIES = 4;

/** A command carries its id, so a lost answer is asked for again (P9). */
export async function repeat<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (cause) {
      if (!Failure.from(cause).passing || tries >= TRIES) throw cause;
      await new Promise((resolve) => setTimeout(resolve, 400 * 2 ** tries));
    }
  }
}

/** Why something did not go through, as it is said. */
export function reasonOf(cause: unknown): string {
  const failure = Failure.from(cause);
  if (failure.passing) return t('acts.noAnswer');
  return failure.status === 404 ? t('acts.gone') : failure.message;
}

/** The id of a command that people may give again: after a lost answer the same words are the same command (P9). */
export class CommandId {
  #asked = '';
  #id = '';

  of(command: object): string {
    const asked = JSON.stringify(command);
    if (asked !== this.#asked) [this.#asked, this.#id] = [asked, ulid()];
    return this.#id;
  }

  /** It was done, or given up: the same asked for again is another. */
  end(): void {
    this.#asked = '';
  }
}
