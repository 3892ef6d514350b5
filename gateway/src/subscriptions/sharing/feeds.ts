import { GraphQLError } from 'graphql';
import type { ClientSubscription, GatewayContext } from '../../context.ts';
import { formattedOf } from '../../security/error-masking.ts';
import type { Listener, Stop } from '../listener.ts';
import { authorizationKey } from './authorization-key.ts';
import { Feed, type FeedOptions, type PlannedSubscription, planSubscription } from './feed.ts';

/** The feeds that are running, each for all who want and may have the same. */
export class Feeds {
  readonly #options: FeedOptions;
  readonly #feeds = new Map<string, Feed>();

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /**
   * Prepares the listening to a subscription.
   *
   * @returns has a listener get its results, or be told at once why there are none
   */
  async prepare(
    subscription: ClientSubscription,
    context: GatewayContext,
  ): Promise<(listener: Listener) => Stop> {
    const { executor } = this.#options;
    try {
      const planned = await planSubscription(executor, subscription);
      return (listener) => this.#listen(listener, () => this.#feedOf(subscription, planned, context));
    } catch (error) {
      return (listener) =>
        this.#listen(listener, () => {
          throw error;
        });
    }
  }

  #listen(listener: Listener, findFeed: () => Feed): Stop {
    const { metrics, formatError } = this.#options;
    metrics.subscribed();
    const leave = once(() => metrics.unsubscribed());
    const counted: Listener = {
      next: (result) => listener.next(result),
      end(errors) {
        leave();
        listener.end(errors);
      },
    };
    let feed: Feed;
    try {
      feed = findFeed();
    } catch (error) {
      counted.end([formatError(formattedOf(toGraphQLError(error)), error)]);
      return () => undefined;
    }
    const stop = feed.add(counted);
    return () => {
      leave();
      stop();
    };
  }

  /** On its own, so that what a listener keeps has no key: there may be very many listeners. */
  #feedOf(subscription: ClientSubscription, planned: PlannedSubscription, context: GatewayContext): Feed {
    const key = keyOf(subscription, context);
    const running = this.#feeds.get(key);
    if (running) return running;
    const feed = new Feed(subscription, planned, context, this.#options, () => void this.#feeds.delete(key));
    this.#feeds.set(key, feed);
    // The supergraph may have been swapped since it was planned.
    if (!this.#options.executor.isCurrent(planned.operation)) void feed.adopt();
    return feed;
  }

  /** Takes all feeds over to the supergraph in use, one at a time with time for requests between. */
  async adopt(): Promise<void> {
    for (const feed of [...this.#feeds.values()]) {
      await new Promise(setImmediate);
      await feed.adopt();
    }
  }

  /** Ends all feeds; what is left of listeners then is told nothing else. */
  close(): void {
    for (const feed of [...this.#feeds.values()]) feed.end();
  }
}

const keyOf = ({ client, variables }: ClientSubscription, context: GatewayContext): string =>
  JSON.stringify([
    client.operationName ?? null,
    client.source,
    client.unmet ?? [],
    sorted(variables),
    authorizationKey(context),
  ]);

const sorted = (variables: Readonly<Record<string, unknown>>) =>
  Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));

const toGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: error as Error });

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
