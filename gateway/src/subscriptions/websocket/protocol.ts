import { randomUUID } from 'node:crypto';
import type { Tracing } from '@tributary/platform';
import { type ExecutionArgs, GraphQLSchema, parse } from 'graphql';
import { makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { GatewayContext } from '../../context.ts';
import type { Cancellation } from '../../transport/cancellation.ts';
import { endingError } from '../errors.ts';
import type { SubscriptionMetrics } from '../metrics.ts';
import type { RunOperation } from '../run-operation.ts';
import type { Connection } from './connection.ts';
import { Delivery, OperationErrors } from './delivery.ts';

/** What the protocol is served with. */
export interface ProtocolOptions {
  run: RunOperation;
  /** Milliseconds until a client has to send `connection_init`. */
  initTimeout: number;
  /** Most operations that one connection may have at once. */
  maxOperations: number;
  metrics: SubscriptionMetrics;
  /** Null when nothing is traced. */
  tracing: Tracing | null;
}

/**
 * The library is to execute, and with it to parse: a syntax error would end the connection there, with everything else
 * that runs on it. So it gets this, and the operation goes the way of all others.
 */
const PLACEHOLDER: ExecutionArgs = { schema: new GraphQLSchema({}), document: parse('{ __typename }') };

/** What an operation is run with, as it goes through the library. */
interface Operation {
  connection: Connection;
  id: string;
  payload: SubscribePayload;
}

/** `graphql-transport-ws`: https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md */
export function createProtocol(options: ProtocolOptions): Server<Connection> {
  const { run, initTimeout, maxOperations, metrics, tracing } = options;
  return makeServer<Record<string, unknown> | undefined, Connection>({
    connectionInitWaitTimeout: initTimeout,
    onConnect: ({ extra, connectionParams }) => extra.authenticate(connectionParams),
    onPing: ({ extra }, payload) => extra.refresh(payload),
    onSubscribe({ extra: connection, subscriptions }, id, payload) {
      if (Object.keys(subscriptions).length > maxOperations) {
        metrics.dropped('operations');
        return [endingError('SUBSCRIPTION_LIMIT')];
      }
      const operation: Operation = { connection, id, payload };
      return { ...PLACEHOLDER, contextValue: operation };
    },
    execute({ contextValue }) {
      const { connection, id, payload } = contextValue as Operation;
      return new Delivery(
        id,
        (listener) => run(payload, (clientGone) => contextOf(connection, clientGone, tracing), listener),
        (frame) => connection.sendFrame(frame),
      );
    },
    onError: (_context, _id, _payload, [error]) =>
      error?.originalError instanceof OperationErrors ? error.originalError.errors : undefined,
  });
}

const contextOf = (
  connection: Connection,
  clientGone: Cancellation,
  tracing: Tracing | null,
): GatewayContext => ({
  requestId: randomUUID(),
  trace: tracing?.begin('graphql over WebSocket', { kind: 'server' }),
  receivedAt: new Date(),
  identity: connection.identity,
  clientAddress: connection.upgrade.address,
  client: connection.upgrade.client,
  propagated: connection.propagated,
  cookies: connection.upgrade.cookies,
  clientGone,
});
