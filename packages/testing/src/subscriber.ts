import { setTimeout as sleep } from 'node:timers/promises';
import { type CloseCode, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { AnswerError } from './graphql.ts';

/** One result of a subscription. */
export interface SubscriptionResult<Data> {
  data?: Data | null;
  errors?: AnswerError[];
  extensions?: Record<string, unknown>;
}

/** A subscription that runs, and what came of it so far. */
export interface TestSubscription<Data> {
  results: SubscriptionResult<Data>[];
  /** Waits until there are so many results. @throws when it ends before, or takes more than ten seconds */
  take(count: number): Promise<SubscriptionResult<Data>[]>;
  /** How it ended: null when it was completed, the errors it was refused with, or the code of the close. */
  ended: Promise<null | AnswerError[] | { code: CloseCode | number; reason: string }>;
  /** Ends it. */
  stop(): void;
}

/** A client of a server's subscriptions, on one WebSocket. */
export interface TestSubscriber {
  subscribe<Data = Record<string, unknown>>(
    query: string,
    variables?: Record<string, unknown>,
    extensions?: Record<string, unknown>,
  ): TestSubscription<Data>;
  /** Stops reading, as a client that hangs; what is sent to it waits on the way. Once a subscription runs. */
  pause(): void;
  /** Reads again. */
  resume(): void;
  /** How many WebSockets it has opened. */
  sockets(): number;
  close(): Promise<void>;
}

export interface SubscriberOptions {
  /** Of the upgrade. */
  headers?: Record<string, string>;
  /** Of `connection_init`. */
  connectionParams?: Record<string, unknown>;
  /** PEM of the only authority that is trusted, over TLS. */
  ca?: string;
  /** Whether it opens another WebSocket when one is closed, and subscribes again there. @default false */
  comesBack?: boolean;
}

const PATIENCE = 10_000; // 10 seconds
const RETRY_AFTER = 100; // milliseconds until another WebSocket is opened

/**
 * Opens a WebSocket with `graphql-ws`'s own client.
 *
 * @param url - of the endpoint over HTTP, with its path
 */
export function openSubscriber(
  url: string,
  { headers = {}, connectionParams = {}, ca, comesBack = false }: SubscriberOptions = {},
): TestSubscriber {
  let socket: WebSocket | undefined;
  let sockets = 0;
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string | string[]) {
        super(address, protocols, { headers, ca });
        socket = this;
        sockets += 1;
      }
    },
    connectionParams,
    lazy: true,
    lazyCloseTimeout: 200, // milliseconds: the next subscription has the same socket
    ...(comesBack
      ? {
          retryAttempts: Number.POSITIVE_INFINITY,
          shouldRetry: () => true,
          retryWait: () => sleep(RETRY_AFTER),
        }
      : { retryAttempts: 0 }),
    onNonLazyError: () => undefined,
  });
  return {
    subscribe: <Data>(
      query: string,
      variables: Record<string, unknown> = {},
      extensions: Record<string, unknown> = {},
    ) => {
      const results: SubscriptionResult<Data>[] = [];
      let wake: () => void = () => undefined;
      let isOver = false;
      let stop: () => void = () => undefined;
      const ended = new Promise<Awaited<TestSubscription<Data>['ended']>>((resolve) => {
        const end = (how: Awaited<TestSubscription<Data>['ended']>) => {
          isOver = true;
          resolve(how);
          wake();
        };
        stop = client.subscribe<Data>(
          { query, variables, extensions },
          {
            next(result) {
              results.push(result as SubscriptionResult<Data>);
              wake();
            },
            error: (error) => end(reasonOf(error)),
            complete: () => end(null),
          },
        );
      });
      return {
        results,
        ended,
        stop: () => stop(),
        async take(count) {
          const late = sleep(PATIENCE, 'late' as const, { ref: false });
          while (results.length < count) {
            if (isOver) throw new Error(`it ended: ${JSON.stringify({ how: await ended, results })}`);
            const woken = new Promise<void>((resolve) => {
              wake = resolve;
            });
            if ((await Promise.race([woken, late])) === 'late')
              throw new Error(`${results.length} of ${count} results came: ${JSON.stringify(results)}`);
          }
          return results.slice(0, count);
        },
      };
    },
    pause: () => socket?.pause(),
    resume: () => socket?.resume(),
    sockets: () => sockets,
    close: async () => {
      socket?.resume();
      await client.dispose();
    },
  };
}

function reasonOf(error: unknown): AnswerError[] | { code: number; reason: string } {
  if (Array.isArray(error)) return error as AnswerError[];
  const { code = 0, reason = String(error) } = error as { code?: number; reason?: string };
  return { code, reason };
}
