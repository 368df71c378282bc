import { api } from '../../api/client';

/** A little more often than it is forgotten; the server tells others of one person once in five seconds. */
const EVERY_MS = 5200;
const LOOK_MS = 500;
/** Who has touched nothing for so long does not look. */
const IDLE_MS = 60_000;

const TOUCHES = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

/** When this window told last, of whichever thread: what comes earlier than that, nobody is told. */
let toldAt = -Infinity;

/** Tells colleagues that this window has the thread before it, as long as somebody looks; what ends it is handed back. */
export function beat(id: string, typedAt: () => number): () => void {
  let touched = performance.now();
  const touch = () => (touched = performance.now());
  const look = () => {
    const at = performance.now();
    if (at - toldAt < EVERY_MS || at - touched > IDLE_MS) return;
    if (document.hidden || !document.hasFocus() || !navigator.onLine) return;
    // Whatever was typed since is told, however short it was and however late this look; what is long past is not.
    const typing = typedAt() > Math.max(toldAt, at - 2 * EVERY_MS);
    toldAt = at;
    const params = { path: { id } };
    // Nobody waits for it, and the next one comes soon: one that is lost is no matter.
    void api.POST('/api/conversations/{id}/presence', { params, body: { typing } }).catch(() => undefined);
  };
  for (const type of TOUCHES) addEventListener(type, touch, { passive: true, capture: true });
  addEventListener('focus', look);
  const timer = setInterval(look, LOOK_MS);
  look();
  return () => {
    clearInterval(timer);
    removeEventListener('focus', look);
    for (const type of TOUCHES) removeEventListener(type, touch, { capture: true });
  };
}
