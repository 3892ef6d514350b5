import type { Broker } from '../../src/brokers/broker.ts';
import type { CloudEvent } from '../../src/cloud-event.ts';

/** A broker in this process, for what is about the relay and not about the broker. */
export interface MemoryBroker {
  /** What it has kept. */
  events: CloudEvent[];
  /** Throws for the events that it is to refuse. */
  judge(events: readonly CloudEvent[]): void | Promise<void>;
  /** Says why it refuses an event; null for one that it takes. */
  refuse(event: CloudEvent): string | null;
  /** Most calls that were under way at once. */
  mostAtOnce: number;
  open(): Promise<Broker>;
}

export function memoryBroker(): MemoryBroker {
  let underWay = 0;
  const broker: MemoryBroker = {
    events: [],
    judge: () => undefined,
    refuse: () => null,
    mostAtOnce: 0,
    open: async () => ({
      async publish(events) {
        underWay++;
        broker.mostAtOnce = Math.max(broker.mostAtOnce, underWay);
        try {
          await new Promise(setImmediate);
          await broker.judge(events);
          const refusals = events.flatMap((event) => {
            const reason = broker.refuse(event);
            return reason === null ? [] : [{ event, reason }];
          });
          broker.events.push(...events.filter((event) => broker.refuse(event) === null));
          return refusals;
        } finally {
          underWay--;
        }
      },
      close: async () => undefined,
    }),
  };
  return broker;
}
