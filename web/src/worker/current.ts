// Which build a page gets at its next start. The worker writes it, the window reads it.

const CACHE = 'porchlight.current';
const KEY = '/build';

/** The build that is here whole, by its id; null while there is none. */
export async function currentBuild(caches: CacheStorage): Promise<string | null> {
  const kept = await (await caches.open(CACHE)).match(KEY);
  return kept ? kept.text() : null;
}

/** Null: none, until one is here whole again. */
export async function setCurrentBuild(caches: CacheStorage, id: string | null): Promise<void> {
  const cache = await caches.open(CACHE);
  if (id === null) await cache.delete(KEY);
  else await cache.put(KEY, new Response(id));
}
