import type { IncomingHttpHeaders } from 'node:http';
import { type Caller, Counter, Gauge, type Registry, type Tracing } from '@tributary/platform';
import { type ExecutionArgs, GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { makeServer, type Server } from 'graphql-ws';
import type { DocumentLimits } from '../limits/document-limits.ts';
import type { RequestContext } from '../server/request-context.ts';
import { headersOf } from './connection-caller.ts';
import { prepareOperation } from './prepare-operation.ts';
import { runSubscription } from './run-subscription.ts';

/** What is known of one WebSocket. */
export interface Connection extends Record<PropertyKey, unknown> {
  /** Of the upgrade. */
  headers: IncomingHttpHeaders;
  /** How many run now. */
  subscriptions: number;
  /** Makes the context of one event, as whoever the connection is for. Set when it was acknowledged. */
  createContext?: () => RequestContext;
}

export interface ProtocolOptions {
  schema: GraphQLSchema;
  /** Of the documents. */
  limits: DocumentLimits;
  /** Reads who is asking, as over HTTP. @throws when the signature does not hold */
  identify(headers: IncomingHttpHeaders): Promise<Caller>;
  createContext(caller: Caller, headers: IncomingHttpHeaders): RequestContext;
  /** What a client learns of an error, as over HTTP. */
  formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
  /** On one connection. */
  maxSubscriptions: number;
  /** @default nothing is traced */
  tracing?: Tracing | null;
  metrics: Registry;
}

/**
 * The protocol `graphql-transport-ws`. Who is asking is found out once for each connection, whose identity must be
 * signed; 4403 answers one that is not. What is wrong with a subscription ends that subscription only.
 */
export function createProtocol(options: ProtocolOptions): Server<Connection> {
  const { schema, limits, identify, createContext, maxSubscriptions, tracing = null } = options;
  const metrics = createSubscriptionMetrics(options.metrics);
  const format = (error: GraphQLError): GraphQLFormattedError => {
    const { http: _, ...extensions } = { code: 'INTERNAL_SERVER_ERROR', http: null, ...error.extensions };
    return options.formatError({ ...error.toJSON(), extensions }, error);
  };
  const connectionOf = new WeakMap<ExecutionArgs, Connection>();
  return makeServer<Record<string, unknown>, Connection>({
    async onConnect({ extra, connectionParams }) {
      const headers = headersOf(extra.headers, connectionParams);
      const caller = await identify(headers).catch(() => null);
      if (caller === null) return false;
      extra.createContext = () => createContext(caller, headers);
      return true;
    },
    onSubscribe({ extra }, _id, payload) {
      const { args, errors } = prepareOperation(schema, payload, limits);
      if (errors) return errors;
      connectionOf.set(args, extra);
      return args;
    },
    async subscribe(args) {
      const connection = connectionOf.get(args as ExecutionArgs);
      if (!connection?.createContext) throw new Error('a subscription without a connection');
      if (connection.subscriptions >= maxSubscriptions) return { errors: [tooMany(maxSubscriptions)] };
      connection.subscriptions += 1;
      metrics.subscriptions.inc();
      return runSubscription(args as ExecutionArgs, tracing, connection.createContext, () => {
        connection.subscriptions -= 1;
        metrics.subscriptions.dec();
      });
    },
    onNext(_ctx, _id, _payload, _args, { data, errors, extensions }) {
      metrics.events.inc();
      return {
        ...(data !== undefined && { data }),
        ...(errors && { errors: errors.map(format) }),
        ...(extensions && { extensions }),
      };
    },
    onError: (_ctx, _id, _payload, errors) => errors.map((error) => format(error as GraphQLError)),
  });
}

const tooMany = (limit: number) =>
  new GraphQLError(`At most ${limit} subscriptions on one connection (SUBSCRIPTIONS_PER_CONNECTION).`, {
    extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' },
  });

const createSubscriptionMetrics = (registry: Registry) => ({
  subscriptions: new Gauge({
    name: 'subscriptions',
    help: 'Subscriptions that run',
    registers: [registry],
  }),
  events: new Counter({
    name: 'subscription_events_total',
    help: 'Results of subscriptions that were sent',
    registers: [registry],
  }),
});
