/** What the process of subgraphs and listeners is asked to do. */
export type AudienceOrder = ConnectOrder | BroadcastOrder | { order: 'leave' } | { order: 'count' };

/** Connects listeners, and waits until an event has reached each of them. */
export interface ConnectOrder {
  order: 'connect';
  /** Of the gateway's GraphQL endpoint, `http:`. */
  url: string;
  count: number;
  /** Whether each has an `authorization` of its own, so that nothing can be shared. */
  own: boolean;
}

/** Publishes events, each when the one before has reached all listeners. */
export interface BroadcastOrder {
  order: 'broadcast';
  seconds: number;
  /** Least number of events, whatever time that takes. */
  events: number;
  /** Bytes that make an event large. */
  noteBytes: number;
  /** The gateway's, for listeners that do not read what they are sent, a new one each second; null for none. */
  slowUrl: string | null;
}

/** What came of an order. Times are in milliseconds. */
export interface AudienceResult {
  /** Connections, or messages that arrived. */
  count: number;
  seconds: number;
  /** Of the connections until they were acknowledged, or of the messages since their event. */
  p50: number;
  p99: number;
  /** Time until an event had reached all; 0 where none was measured. */
  last: number;
}

export type AudienceReply =
  | { port: number }
  | { count: number }
  | { result: AudienceResult }
  | { left: true }
  | { error: string };
