import type { Client } from 'openapi-fetch';

import { Failure } from './failure';
import type { paths } from './schema';
import type { OfCustomers, ProblemDocument } from './types';

interface Init {
  params?: { path?: Record<string, string>; query?: Record<string, unknown> };
  body?: unknown;
  signal?: AbortSignal | null;
  keepalive?: boolean;
}

/** The address of a path of the document, with its parameters. Absent ones of the query stay out. */
function address(path: string, { path: names = {}, query = {} }: NonNullable<Init['params']>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ''));
  const asked = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(asked.map(([name, value]) => [name, String(value)]));
  return asked.length > 0 ? `${filled}?${search}` : filled;
}

async function ask(
  method: string,
  path: string,
  { params = {}, body, signal, keepalive }: Init = {},
): Promise<Reply<unknown>> {
  const response = await fetch(new URL(address(path, params), location.origin), {
    method,
    credentials: 'same-origin',
    ...(body instanceof Blob && { body, headers: { 'content-type': body.type } }),
    ...(body !== undefined &&
      !(body instanceof Blob) && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    signal: signal ?? null,
    keepalive: keepalive ?? false,
  });
  const text = await response.text();
  const read: unknown =
    text && /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
  return response.ok ? { data: read, response } : { error: read, response };
}

const by = (method: string) => (path: string, init?: Init) => ask(method, path, init);

/**
 * The only way to the API, and the only place that learns that the session has ended. Its types are openapi-fetch's,
 * over the generated document; of its 2.7 kB we need the lines above.
 */
export const api = {
  GET: by('GET'),
  POST: by('POST'),
  PUT: by('PUT'),
  DELETE: by('DELETE'),
} as unknown as Pick<Client<paths>, 'GET' | 'POST' | 'PUT' | 'DELETE'>;

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
export async function answer<T>(call: Promise<Reply<T>>): Promise<OfCustomers<T>> {
  const reply = await call.catch((cause: unknown) => {
    throw Failure.from(cause);
  });
  if (reply.response.ok) return reply.data as OfCustomers<T>;
  const problem = reply.error;
  const failure = new Failure(
    reply.response.status,
    typeof problem === 'object' && problem !== null ? (problem as ProblemDocument) : {},
  );
  // A wrong password is a 401 too; that one ends no session.
  if (failure.status === 401 && !reply.response.url.endsWith('/api/session')) sessionEnded();
  throw failure;
}
