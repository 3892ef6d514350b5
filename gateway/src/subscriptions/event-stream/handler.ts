import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ContextFactory } from '../../context.ts';
import { errorBody, statusOf } from '../../errors/gateway-error.ts';
import { clientAddressOf } from '../../server/client-address.ts';
import type { ClientLimits } from '../client-limits.ts';
import { endingError } from '../errors.ts';
import type { SubscriptionMetrics } from '../metrics.ts';
import type { OpenClients } from '../open-clients.ts';
import type { PrepareOperation } from '../prepare-operation.ts';
import { at, expiryOf } from '../token-expiry.ts';
import { prefersEventStream } from './accept.ts';
import { EventStream } from './event-stream.ts';
import { operationRequest } from './operation-request.ts';

/** What event streams are served with. */
export interface EventStreamOptions {
  prepare: PrepareOperation;
  clients: OpenClients;
  limits: ClientLimits;
  context: ContextFactory;
  /** Whether tokens are verified here, and so are known to expire. */
  verifiesTokens: boolean;
  maxBuffered: number;
  metrics: SubscriptionMetrics;
}

/** Answers requests that accept an event stream; gives false for those that do not. */
export type EventStreamHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

/** Makes what answers an operation with an event stream. */
export function createEventStreamHandler(options: EventStreamOptions): EventStreamHandler {
  const { prepare, clients, limits, metrics } = options;
  return async (request, reply) => {
    if (!prefersEventStream(request.headers.accept)) return false;
    const leave = clients.isClosing ? null : limits.admit(clientAddressOf(request));
    if (!leave) {
      refuse(reply, clients.isClosing);
      if (!clients.isClosing) metrics.dropped('connections');
      return true;
    }
    reply.raw.once('close', leave);
    const { requestId } = request;
    const prepared = await prepare(operationRequest(request), requestId, async () => ({
      ...(await options.context(request, reply)),
      isSafe: request.method === 'GET',
    }));
    if (prepared.kind === 'refused' && prepared.status >= 400) {
      for (const [name, value] of prepared.headers) reply.header(name, value);
      await reply.code(prepared.status).send(prepared.body);
      return true;
    }
    if (reply.raw.destroyed) {
      reply.hijack();
      return true;
    }
    const stream = open(reply, options);
    // What the client is told later is not a part of the request.
    request.trace?.span?.end();
    if (prepared.kind === 'subscription') {
      const stop = prepared.listen(stream);
      const stopTimer = expire(request, stream, options);
      reply.raw.once('close', () => {
        stop();
        stopTimer();
      });
    } else if (prepared.kind === 'result') {
      stream.next(prepared.result);
      stream.end();
    } else {
      stream.end(prepared.errors);
    }
    return true;
  };
}

function open(reply: FastifyReply, { maxBuffered, metrics, clients }: EventStreamOptions): EventStream {
  const { raw } = reply;
  const stream = new EventStream(raw, maxBuffered, metrics);
  const leave = clients.add(stream);
  metrics.opened('event-stream');
  raw.once('close', () => {
    leave();
    metrics.closed('event-stream');
  });
  reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that follow nginx would keep events back until there are enough of them.
    'x-accel-buffering': 'no',
  });
  stream.check();
  return stream;
}

/** Ends a stream when the token expires with which it was asked for. */
function expire(
  { headers }: FastifyRequest,
  stream: EventStream,
  { verifiesTokens, metrics }: EventStreamOptions,
): () => void {
  const { authorization } = headers;
  if (authorization === undefined || !verifiesTokens) return () => undefined;
  return at(expiryOf(authorization), () => {
    metrics.dropped('token');
    stream.end([endingError('TOKEN_EXPIRED').toJSON()]);
  });
}

function refuse(reply: FastifyReply, isClosing: boolean): void {
  const code = isClosing ? 'SERVICE_UNAVAILABLE' : 'TOO_MANY_CONNECTIONS';
  reply.code(statusOf(code)).header('retry-after', '5').send(errorBody(code));
}
