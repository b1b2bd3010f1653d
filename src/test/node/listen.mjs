/**
 * Listens with any EventSource, and reports everything that it is given, in order. With a key, by one-time tickets, as
 * docs/protocol.md shows it: a spent one ends the EventSource, and the next begins at the last id.
 */
export function listen(EventSource, streamUrl, reportUrl, key) {
  let reported = Promise.resolve();
  let cursor = '';
  const report = (type, event) => {
    cursor = event.lastEventId || cursor;
    const body = JSON.stringify({ type, id: event.lastEventId, data: event.data });
    reported = reported.then(() => fetch(reportUrl, { method: 'POST', body }));
  };
  const open = async () => {
    const address = new URL(streamUrl);
    if (key) {
      address.searchParams.set('ticket', await ticket(address.origin, key));
    }
    if (cursor) {
      address.searchParams.set('cursor', cursor);
    }
    const source = new EventSource(address);
    for (const type of ['open', 'message', 'sync', 'closing', 'error']) {
      source.addEventListener(type, (event) => report(type, event));
    }
    if (key) {
      source.addEventListener('error', () => {
        if (source.readyState === EventSource.CLOSED) {
          setTimeout(open, 100);
        }
      });
    }
  };
  open();
}

async function ticket(gateway, key) {
  const headers = { Authorization: `Bearer ${key}` };
  const made = await fetch(`${gateway}/api/realtime/tickets`, { method: 'POST', headers });
  return (await made.json()).ticket;
}
