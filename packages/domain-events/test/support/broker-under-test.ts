import type { CloudEvent } from '../../src/cloud-event.ts';

/** A real broker that dies and comes back. */
export interface BrokerUnderTest {
  /** `EVENTS_OUT` for it. */
  setting: string;
  /** Ends it, or cuts it off, without a word. */
  kill(): Promise<void>;
  /** Has it go on with what it kept. */
  revive(): Promise<void>;
  /** All that it has kept, in its order. */
  received(): Promise<CloudEvent[]>;
  stop(): Promise<void>;
}
