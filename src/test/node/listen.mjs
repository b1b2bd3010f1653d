/** Listens with any EventSource, and reports everything that it is given, in order. */
export function listen(EventSource, streamUrl, reportUrl) {
  const source = new EventSource(streamUrl);
  let reported = Promise.resolve();
  const report = (type, event) => {
    const body = JSON.stringify({ type, id: event.lastEventId, data: event.data });
    reported = reported.then(() => fetch(reportUrl, { method: 'POST', body }));
  };
  for (const type of ['open', 'message', 'sync', 'closing', 'error']) {
    source.addEventListener(type, (event) => report(type, event));
  }
}
