import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { Filled, Template, TemplateVariable } from '../../api/types';
import { getLive, type Live } from '../../live/live.svelte';

/** The business's templates, as the server has them; read again when somebody changes one. */
export class Library {
  templates = $state.raw<readonly Template[] | null>(null);
  variables = $state.raw<readonly TemplateVariable[]>([]);
  failure = $state.raw<Failure | null>(null);
  #reading: Promise<void> | null = null;
  #stale = false;

  constructor(live: Live) {
    live.listen((batch) => {
      const old = batch.some(({ type }) => type === 'templates.updated' || type === 'reload');
      // What was missed while the line was down is told again; a read that failed is tried again.
      if (old || (this.failure && batch.some(({ type }) => type === 'ready'))) void this.read();
    });
  }

  /** Once, unless that failed. */
  load(): Promise<void> {
    return this.templates ? Promise.resolve() : this.read();
  }

  /** As it is now. Asked while it is being read, it is read once more: what was under way may be older. */
  read(): Promise<void> {
    if (this.#reading) this.#stale = true;
    this.#reading ??= this.#readAll().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    do {
      this.#stale = false;
      try {
        this.take(await answer(api.GET('/api/templates')));
      } catch (cause) {
        this.failure = Failure.from(cause);
        return;
      }
    } while (this.#stale);
  }

  take(all: { templates: Template[]; variables: TemplateVariable[] }): void {
    this.failure = null;
    [this.templates, this.variables] = [all.templates, all.variables];
  }

  get categories(): string[] {
    return [...new Set((this.templates ?? []).map(({ category }) => category))];
  }
}

let known: { live: Live; library: Library } | null = null;

/** One for all parts of the window. Called while a part is made. */
export function getLibrary(): Library {
  return libraryOf(getLive());
}

function libraryOf(live: Live): Library {
  if (known?.live !== live) known = { live, library: new Library(live) };
  return known.library;
}

/** The same from elsewhere, if any part has asked for it. */
export const knownLibrary = (): Library | undefined => known?.library;

/** A template, filled for a conversation. */
export const fill = (id: string, conversation: string, job?: string, signal?: AbortSignal): Promise<Filled> =>
  answer(
    api.POST('/api/templates/{id}/render', {
      params: { path: { id } },
      body: { conversation_id: conversation, ...(job && { job_id: job }) },
      ...(signal && { signal }),
    }),
  );

/** Words that nobody has kept yet, filled for a conversation. */
export const fillWords = (text: string, conversation: string, signal?: AbortSignal): Promise<Filled> =>
  answer(
    api.POST('/api/templates/render', {
      body: { text, conversation_id: conversation },
      ...(signal && { signal }),
    }),
  );
