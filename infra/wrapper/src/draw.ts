const HERE = '{origin}';

/** The page with its one link led to `origin`, which is a checked one: it holds no sign that HTML reads. */
export function drawn(page: string, origin: string): string {
  if (page.split(HERE).length !== 2) throw new Error(`The page has to name ${HERE} once.`);
  return page.replace(HERE, () => origin);
}
