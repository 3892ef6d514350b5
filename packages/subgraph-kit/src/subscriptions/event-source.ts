import type { TraceHeaders } from '@tributary/platform';
import type { ChangeFeed, Watch } from './change-feed.ts';

/** What the `subscribe` of a subscription's resolver answers: read on when the event before was sent. */
export interface EventSource<Event> extends AsyncIterableIterator<Event> {
  /** Names what an event tells the state of, so that the latest of each name is all that a newcomer needs. */
  stateKeyOf(event: Event): string;
  /** In which the change was told that the last event is about; null when that is not known. */
  lastTrace(): TraceHeaders | null;
}

/**
 * Events of a subscription, made by a generator that waits for changes. It can be ended while it waits, which a
 * generator by itself cannot.
 *
 * @param keys - that the feed is watched for; changes are seen from now on, before the generator reads anything
 * @param stateKeyOf - names what an event tells the state of
 * @param events - begins when the first event is asked for; ends when `watch.next()` answers null
 */
export function createEventSource<Event>(
  feed: ChangeFeed,
  keys: readonly string[],
  stateKeyOf: (event: Event) => string,
  events: (watch: Watch) => AsyncGenerator<Event, void>,
): EventSource<Event> {
  const watch = feed.watch(keys);
  let trace: TraceHeaders | null = null;
  const generator = events({
    async next() {
      const changes = await watch.next();
      trace = changes?.trace ?? null;
      return changes;
    },
    close: () => watch.close(),
  });
  return {
    stateKeyOf,
    lastTrace: () => trace,
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const next = await generator.next();
        if (next.done) watch.close();
        return next;
      } catch (error) {
        watch.close();
        throw error;
      }
    },
    return() {
      watch.close();
      return generator.return();
    },
  };
}
