// This browser's subscription to pushes: whether it can have one, whether it fits the server's key, and having one made.
/** The bytes of a key in base64url. */
export function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  const base64 = key.replace(/-/g, '+').replace(/_/g, '/');
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

/** Whether a subscription was made for this key of the server's. A browser that does not tell is believed. */
export function isFor({ options }: Pick<PushSubscription, 'options'>, key: string): boolean {
  const own = options?.applicationServerKey;
  if (!own) return true;
  const [had, wanted] = [new Uint8Array(own), bytesOf(key)];
  return had.length === wanted.length && had.every((byte, at) => byte === wanted[at]);
}

/** The worker that shows what is pushed; null where there is none (yet). */
export async function registered(): Promise<ServiceWorkerRegistration | null> {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  return registration?.pushManager ? registration : null;
}

/** One for this key: the one that is there, or a new one in its place. Throws what the browser throws. */
export async function subscribed(
  { pushManager }: ServiceWorkerRegistration,
  key: string,
  anew = false,
): Promise<PushSubscription> {
  const had = await pushManager.getSubscription();
  if (had && !anew && isFor(had, key)) return had;
  await had?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
}
