import { api } from '../../api/client';

/** A little more often than it is forgotten; the server tells others of it once in five seconds. */
const EVERY_MS = 5200;
/** Who has touched nothing for so long does not look. */
const IDLE_MS = 60_000;
/** So long after a keystroke somebody is writing. */
const TYPING_MS = 5000;

const TOUCHES = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

/** Tells colleagues that this window has the thread before it, as long as somebody looks; what ends it is handed back. */
export function beat(id: string, typedAt: () => number): () => void {
  let touched = performance.now();
  let told = -Infinity;
  let wasTyping = false;
  const touch = () => (touched = performance.now());
  const look = () => {
    const at = performance.now();
    const typing = at - typedAt() < TYPING_MS;
    const due = at - told >= EVERY_MS || (typing && !wasTyping && at - told >= EVERY_MS / 2);
    if (!due || document.hidden || !document.hasFocus() || at - touched > IDLE_MS || !navigator.onLine)
      return;
    [told, wasTyping] = [at, typing];
    const params = { path: { id } };
    // Nobody waits for it: the next one comes soon.
    void api.POST('/api/conversations/{id}/presence', { params, body: { typing } }).catch(() => undefined);
  };
  for (const type of TOUCHES) addEventListener(type, touch, { passive: true, capture: true });
  addEventListener('focus', look);
  const timer = setInterval(look, 1000);
  look();
  return () => {
    clearInterval(timer);
    removeEventListener('focus', look);
    for (const type of TOUCHES) removeEventListener(type, touch, { capture: true });
  };
}
