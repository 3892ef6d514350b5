import { currentSpan, type EventBus, inSpan, traceHeadersOf } from '@tributary/platform';

/** Under which an event has the trace in which it was published. */
const KEY = '_trace';

/** A bus that gives each event that it tells a span, and tells who hears of it in which trace that was. */
export const traceEvents = (bus: EventBus): EventBus => ({
  ...bus,
  publish(topic, event) {
    if (!currentSpan()) return bus.publish(topic, event);
    const attributes = { 'messaging.operation.type': 'send', 'messaging.destination.name': topic };
    return inSpan(`publish ${topic}`, { kind: 'producer', attributes }, (span) =>
      bus.publish(topic, { ...event, [KEY]: span?.headers }),
    );
  },
  subscribe: (topic, listener) =>
    bus.subscribe(topic, {
      event(event) {
        const trace = traceHeadersOf((event as { [KEY]?: unknown } | null)?.[KEY]);
        if (trace) listener.event(event, trace);
        else listener.event(event);
      },
      gap: () => listener.gap(),
    }),
});
