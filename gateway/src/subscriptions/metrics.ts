import { Counter, Gauge, Histogram, type Registry } from '@tributary/platform';

/** How a client is connected. */
export type Transport = 'websocket' | 'event-stream';

/** Why a client was cut off, or never let in. */
export type DropReason = 'slow' | 'connections' | 'operations' | 'token' | 'ping' | 'overrun' | 'origin';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What is measured of subscriptions. */
export type SubscriptionMetrics = ReturnType<typeof createSubscriptionMetrics>;

/**
 * Registers the figures of subscriptions.
 *
 * @param bufferedBytes - tells, when asked, how much waits for clients to read it
 */
export function createSubscriptionMetrics(registry: Registry, bufferedBytes: () => number) {
  const registers = [registry];
  const connections = new Gauge({
    name: 'gateway_client_connections',
    help: 'WebSockets and event streams of clients',
    labelNames: ['transport'],
    registers,
  });
  const subscriptions = new Gauge({
    name: 'gateway_subscriptions',
    help: 'Subscriptions of clients that are running',
    registers,
  });
  const upstreams = new Gauge({
    name: 'gateway_upstream_subscriptions',
    help: 'Subscriptions at subgraphs that are running',
    labelNames: ['subgraph'],
    registers,
  });
  const eventsIn = new Counter({
    name: 'gateway_subscription_events_received_total',
    help: 'Events that subgraphs sent',
    labelNames: ['subgraph'],
    registers,
  });
  const eventsOut = new Counter({
    name: 'gateway_subscription_events_sent_total',
    help: 'Events that were sent to clients, each as often as clients got it',
    registers,
  });
  const fillIn = new Histogram({
    name: 'gateway_subscription_fill_in_seconds',
    help: 'Time from an event of a subgraph to the finished result',
    buckets: SECONDS,
    registers,
  });
  const drops = new Counter({
    name: 'gateway_subscription_drops_total',
    help: 'Connections and subscriptions that the gateway ended or refused, by reason',
    labelNames: ['reason'],
    registers,
  });
  new Gauge({
    name: 'gateway_client_buffered_bytes',
    help: 'Bytes that wait for clients to read them',
    registers,
    collect() {
      this.set(bufferedBytes());
    },
  });
  return {
    opened: (transport: Transport) => connections.inc({ transport }),
    closed: (transport: Transport) => connections.dec({ transport }),
    subscribed: () => subscriptions.inc(),
    unsubscribed: () => subscriptions.dec(),
    upstreamOpened: (subgraph: string) => upstreams.inc({ subgraph }),
    upstreamClosed: (subgraph: string) => upstreams.dec({ subgraph }),
    eventReceived: (subgraph: string) => eventsIn.inc({ subgraph }),
    eventsSent: (count: number) => eventsOut.inc(count),
    filledIn: (seconds: number) => fillIn.observe(seconds),
    dropped: (reason: DropReason) => drops.inc({ reason }),
  };
}
