import createClient from 'openapi-fetch';

import { Failure } from './failure';
import type { paths } from './schema';
import type { ProblemDocument } from './types';

/** The only way to the API, and the only place that learns that the session has ended. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  fetch: (request) => globalThis.fetch(request),
});

const ended = new Set<() => void>();

/** Calls `listener` whenever an answer says that nobody is signed in. */
export function onSessionEnd(listener: () => void): () => void {
  ended.add(listener);
  return () => ended.delete(listener);
}

export function sessionEnded(): void {
  for (const listener of ended) listener();
}

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer's body; throws a `Failure` for everything that is no success. */
export async function answer<T>(call: Promise<Reply<T>>): Promise<T> {
  const reply = await call.catch((cause: unknown) => {
    throw Failure.from(cause);
  });
  if (reply.response.ok) return reply.data as T;
  const problem = reply.error;
  const failure = new Failure(
    reply.response.status,
    typeof problem === 'object' && problem !== null ? (problem as ProblemDocument) : {},
  );
  // A wrong password is a 401 too; that one ends no session.
  if (failure.status === 401 && !reply.response.url.endsWith('/api/session')) sessionEnded();
  throw failure;
}
