export { asyncApiDocument } from './catalogue/asyncapi-document.ts';
export {
  amount,
  type EventCatalogue,
  type EventDefinition,
  type EventDefinitions,
  eventCatalogue,
} from './catalogue/event-catalogue.ts';
export { type CloudEvent, toCloudEvent } from './cloud-event.ts';
export { createEventsOut, type EventsOut } from './events-out.ts';
export { eventsOut, parseEventsOut } from './events-out-url.ts';
export { createRelayMetrics } from './relay/relay-metrics.ts';
