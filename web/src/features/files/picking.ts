/** From where files come: a camera takes one at a time, and what was taken or kept before is chosen several at once. */
export type From = 'camera' | 'photos' | 'files';

const ACCEPT: Record<From, string> = { camera: 'image/*', photos: 'image/*,video/*', files: '' };

/** Opens the device's own picker. A browser that knows of no camera offers its pictures instead. */
export function pick(input: HTMLInputElement, from: From): void {
  input.accept = ACCEPT[from];
  input.multiple = from !== 'camera';
  if (from === 'camera') input.setAttribute('capture', 'environment');
  else input.removeAttribute('capture');
  input.click();
}
