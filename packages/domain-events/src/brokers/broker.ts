import type { CloudEvent } from '../cloud-event.ts';

/** Where events go: what differs between the brokers. */
export interface Broker {
  /**
   * Sends events of which no two have the same partition key, so that they may go in any order.
   *
   * @throws unless the broker has said of each that it keeps it; some of them may have arrived nonetheless
   */
  publish(events: readonly CloudEvent[]): Promise<void>;
  /** Ends the connection. */
  close(): Promise<void>;
}
