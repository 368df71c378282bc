// Addresses: what is open is always in the URL, so links, back and forward work. Which page answers one is in the list of
// features.

class Router {
  path = $state(location.pathname);
  search = $state(location.search);
  /** How many entries of the history are ours: zero means that "back" would leave the app. */
  #depth = 0;

  constructor() {
    addEventListener('popstate', () => this.#read());
    document.addEventListener('click', (event) => this.#follow(event));
  }

  #read(): void {
    this.path = location.pathname;
    this.search = location.search;
    this.#depth = Number(history.state?.depth ?? 0);
  }

  go(to: string, { replace = false } = {}): void {
    if (to === location.pathname + location.search) return;
    if (replace) history.replaceState({ depth: this.#depth }, '', to);
    else history.pushState({ depth: this.#depth + 1 }, '', to);
    this.#read();
  }

  /** Back to where the reader came from, or to `otherwise` when that is outside. */
  back(otherwise: string): void {
    if (this.#depth > 0) history.back();
    else this.go(otherwise, { replace: true });
  }

  /** Our own links change the address without loading a page. */
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname.startsWith('/api/')) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const router = new Router();
