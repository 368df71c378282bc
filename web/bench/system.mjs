/** A running system, from the line that it printed when it was ready. */
export function systemOf(line, url) {
  if (!line) throw new Error('SIGN_IN is missing: the JSON line that `porchlight --json` prints');
  const system = JSON.parse(line);
  return { ...system, url: (url ?? system.url).replace(/\/$/, '') };
}

/** Signs in as the office; the cookie of the session. */
export async function signIn(system) {
  const { email, password } = system.users.find(({ role }) => role === 'office') ?? system.users[0];
  const answer = await fetch(`${system.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (!answer.ok) throw new Error(`signing in: ${answer.status} ${await answer.text()}`);
  return answer.headers.getSetCookie()[0].split(';')[0];
}

export async function ask(system, cookie, path) {
  const answer = await fetch(system.url + path, { headers: { cookie } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}
