import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEventBus, createLogger, createMetrics } from '@tributary/platform';
import { TEST_SECRET } from '@tributary/testing';
import { parse } from 'graphql';
import {
  buildSchema,
  createChangeFeed,
  createEventSource,
  missing,
  type RequestContext,
} from '../../src/index.ts';
import { createErrorFormatter } from '../../src/server/format-error.ts';
import { createIdentification } from '../../src/server/identification.ts';
import { createEventContext } from '../../src/server/request-context.ts';
import { serveSubscriptions } from '../../src/subscriptions/serve-subscriptions.ts';

const typeDefs = parse(/* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@requiresScopes"])
  type Query { ok: Boolean }
  type Mutation { ok: Boolean }
  type Subscription {
    ticked(name: String!): Tick
    staffTicked: Tick @requiresScopes(scopes: [["staff"], ["admin"]])
  }
  type Tick { number: Int! padding(length: Int!): String broken: Int viewer: String context: Int }
`);

/** A server of subscriptions: how often each name was ticked, as it is when the subscription is asked. */
export async function startTicker(settings: { maxSubscriptions?: number } = {}) {
  const logger = createLogger({ name: 'ticker', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  const metrics = createMetrics('ticker');
  const bus = createEventBus({ url: undefined, logger, metrics });
  const feed = createChangeFeed(bus, 'ticked', (event) => {
    const { name } = event as { name: string };
    return [{ key: name, subject: name }];
  });
  const counts = new Map<string, number>();
  let contexts = 0;
  const reads: string[] = [];
  const source = (name: string) =>
    createEventSource(
      feed,
      [name],
      () => name,
      async function* (watch) {
        do {
          if (counts.get(name) === -1) throw new Error('a secret: the database is away');
          yield { number: counts.get(name) ?? 0 };
        } while ((await watch.next()) !== null);
      },
    );
  type Context = RequestContext & { number: number };
  const schema = buildSchema(typeDefs, {
    Subscription: {
      ticked: {
        subscribe(_: unknown, { name }: { name: string }) {
          if (name === 'nobody') throw missing('There is no such name.');
          return source(name);
        },
        resolve: (tick: { number: number }) => (tick.number < 0 ? null : tick),
      },
      staffTicked: { subscribe: () => source('staff'), resolve: (tick: unknown) => tick },
    },
    Tick: {
      padding: (_: unknown, { length }: { length: number }) => 'x'.repeat(length),
      broken() {
        throw new Error('a secret');
      },
      viewer: (_: unknown, _args: unknown, { viewer, audit }: Context) => {
        audit.noteRead('0190b0a0-0000-7000-8000-000000000001', 'ticks');
        return viewer?.userId ?? null;
      },
      context: (_: unknown, _args: unknown, { number }: Context) => number,
    },
  });
  const http = createServer((_request, response) => response.end());
  const executor = {
    $executeRaw: async ({ values }: { values: unknown[] }) => reads.push(String(values[3])),
  };
  const server = serveSubscriptions({
    http,
    logger,
    metrics,
    schema,
    identify: createIdentification(TEST_SECRET, logger),
    createContext: (caller, headers): Context => ({
      ...createEventContext(caller, executor, { logger, viewerMark: () => undefined }, headers),
      number: ++contexts,
    }),
    formatError: createErrorFormatter(logger),
    limits: { maxTokens: 100, maxDepth: 20 },
    maxSubscriptions: settings.maxSubscriptions ?? 100,
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`,
    metrics,
    /** What was read as staff, as the audit log has it. */
    reads,
    /** Changes a name's number, and says so. */
    async tick(name: string, number: number) {
      counts.set(name, number);
      await bus.publish('ticked', { name });
    },
    async close() {
      await server.close();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

export type Ticker = Awaited<ReturnType<typeof startTicker>>;
