import type { EventBus, Invalidator } from '@tributary/platform';
import type { Replicas } from './replicas.ts';

/** The ways by which a service tells others what has changed. */
export interface Tellers {
  events: EventBus;
  /** Null where nobody keeps anything. */
  invalidator: Invalidator | null;
}

/**
 * Has nobody told of a change that they could miss on a replica. Who hears of an event and asks again reads from a replica
 * that has the change, or from the primary; so does a gateway that fills a cache after something was evicted, which would
 * otherwise keep the old state for as long as it keeps anything.
 *
 * @param replicas - null where all is read from the primary
 */
export function tellAfter(
  replicas: Pick<Replicas, 'noteForAll'> | null,
  { events, invalidator }: Tellers,
): Tellers {
  if (!replicas) return { events, invalidator };
  return {
    events: {
      ...events,
      async publish(topic, event) {
        await replicas.noteForAll();
        await events.publish(topic, event);
      },
    },
    invalidator: invalidator && {
      ...invalidator,
      async invalidate(changed) {
        await replicas.noteForAll();
        await invalidator.invalidate(changed);
      },
    },
  };
}
