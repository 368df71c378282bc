const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new ULID: ten digits of time, sixteen of chance. Commands carry one, so that repeating is harmless (P9). */
export function ulid(now: number = Date.now()): string {
  let time = '';
  for (let rest = now, i = 0; i < 10; i++) {
    time = DIGITS[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  const chance = crypto.getRandomValues(new Uint8Array(16));
  return time + Array.from(chance, (byte) => DIGITS[byte % 32]).join('');
}

/** When a ULID was made, in milliseconds. */
export const timeOf = (id: string): number =>
  [...id.slice(0, 10)].reduce((time, sign) => time * 32 + DIGITS.indexOf(sign), 0);
