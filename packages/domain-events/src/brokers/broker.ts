import type { CloudEvent } from '../cloud-event.ts';

/** An event that a broker will not take, however often it is sent, while it takes others. */
export interface Refusal {
  event: CloudEvent;
  /** What the broker said. */
  reason: string;
}

/** Where events go: what differs between the brokers. */
export interface Broker {
  /**
   * Sends events of which no two have the same partition key, so that they may go in any order.
   *
   * @returns those that the broker refuses for what they are: too large, or of a type that may not go there
   * @throws unless the broker has said of each that it keeps or refuses it; some of them may have arrived nonetheless
   */
  publish(events: readonly CloudEvent[]): Promise<readonly Refusal[]>;
  /** Ends the connection. */
  close(): Promise<void>;
}
