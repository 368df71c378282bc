// The one connection. It comes back by itself, quietly; whoever listens reads everything anew on each opening,
// so that nothing is missed, not even a restart of the simulator.

const PATIENCE_MS = 4_000;
const AGAIN_MS = 1_000;

export function follow({ opened, event, change, state }) {
  let lost = null;
  const connect = () => {
    const source = new EventSource('/simulator/events/live');
    source.addEventListener('open', () => {
      clearTimeout(lost);
      lost = null;
      state(true);
      opened();
    });
    source.addEventListener('event', (message) => event(JSON.parse(message.data)));
    source.addEventListener('change', (message) => change(JSON.parse(message.data)));
    source.addEventListener('error', () => {
      lost ??= setTimeout(() => state(false), PATIENCE_MS);
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN_MS);
    });
  };
  connect();
}
