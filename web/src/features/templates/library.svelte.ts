import { answer, api } from '../../api/client';
import type { Filled, Template, TemplateVariable } from '../../api/types';
import { Followed } from '../../live/followed.svelte';
import { getLive, type Live } from '../../live/live.svelte';

/** The business's templates. */
export class Library extends Followed {
  templates = $state.raw<readonly Template[] | null>(null);
  variables = $state.raw<readonly TemplateVariable[]>([]);

  /** Once, unless that failed. */
  load(): Promise<void> {
    return this.templates ? Promise.resolve() : this.read();
  }

  protected async ask(): Promise<void> {
    this.take(await answer(api.GET('/api/templates')));
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
