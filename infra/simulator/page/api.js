// The control API, and nothing else: each answer as JSON, each failure with words that can be shown.

export class Failure extends Error {}

async function call(method, path, body) {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  let response;
  try {
    response = await fetch(`/simulator/${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Failure('The simulator does not answer. Is it still running?');
  }
  const given = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw new Failure(given?.detail ?? `The simulator answered ${response.status}.`);
  return given;
}

const get = (path) => call('GET', path);

export const api = {
  health: () => get('health'),
  summary: () => get('summary'),
  events: async () => (await get('events')).events,
  phones: async () => (await get('phones')).phones,
  texts: async (number) => (await get(`phones/${encodeURIComponent(number)}/messages`)).messages,
  send: (text) => call('POST', 'texts', text),
  burst: async (count) => (await call('POST', 'burst', { count })).texts,
  faults: () => get('faults'),
  setRates: (rates) => call('PUT', 'faults', rates),
  plan: (fault) => call('POST', 'faults/next', { fault }),
  unplan: () => call('DELETE', 'faults/next'),
  badMonday: (on) => call('POST', 'bad-monday', { on }),
  answering: async () => (await get('answering')).answering,
  setAnswering: (answering) => call('PUT', 'answering', { answering }),
  reset: () => call('POST', 'reset'),
};
