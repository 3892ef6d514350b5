import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import {
  ANONYMOUS_CALLER,
  type Caller,
  currentSpan,
  type Identity,
  type Logger,
  parseRequestStart,
  REQUEST_START_HEADER,
  traceIdsOf,
  type ViewerMark,
} from '@tributary/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AuditTrail, createAuditTrail, type Executor } from '../audit/audit-trail.ts';
import { type AnswerCaching, createAnswerCaching } from '../caching/answer-caching.ts';
import { watchReads } from '../caching/watch-reads.ts';
import { createCancellation, currentCancellation } from '../cancellation/cancellation.ts';
import { type Cookies, createCookies, readCookies } from '../http/cookies.ts';
import { type Viewer, viewerOf } from '../viewer.ts';
import { clientOperationOf } from './client-operation.ts';

/**
 * What every resolver finds in its context; a subgraph adds its loaders and services. Whoever reads what tells one client
 * from another makes the answer private: it is kept for who asked, and for nobody else.
 */
export interface RequestContext {
  /** Who is asking; null when nobody is signed in. Reading `userId` makes the answer private; the role may be read. */
  viewer: Viewer | null;
  /**
   * What the access token says of them; null when nobody is signed in. Reading it makes the answer private; the scopes may
   * be read.
   */
  identity: Identity | null;
  /** Whether the gateway or a service signed the request. */
  isSigned: boolean;
  /** Aborted when nobody waits for the answer any more; never for a mutation that has begun. */
  signal: AbortSignal;
  /** Name of the service that asks by itself; null for what a client asks. Only a service resolves `@internal`. */
  service: string | null;
  /** IP address of the client; null when the gateway did not say. Asking makes the answer private. */
  clientAddress(): string | null;
  /** Of the client's request, the same in all services. */
  requestId: string;
  /** When the client's request came in, at the gateway where there is one. */
  receivedAt: Date;
  audit: AuditTrail;
  /** Reading one makes the answer private. */
  cookies: Cookies;
  /** What the hints of the schema cannot say of who may keep the answer. */
  caching: AnswerCaching;
  /**
   * With the request's id, the name of the client's operation, a mark that stands for the viewer, and the ids of its trace
   * when that is recorded, on every line.
   */
  logger: Logger;
}

/** What the lines of requests are written with. */
export interface RequestLogs {
  /** The service's. */
  logger: Logger;
  viewerMark: ViewerMark;
}

/** @param executor - what reads by staff are written down with */
export const createRequestContext = (
  caller: Caller,
  executor: Executor,
  logs: RequestLogs,
  request: FastifyRequest,
  reply: FastifyReply,
): RequestContext =>
  createContext({
    caller,
    executor,
    logs,
    headers: request.headers,
    id: request.id,
    operation: clientOperationOf(request.body),
    cookies: createCookies(request, reply),
  });

/** As `createRequestContext`, for one event of a subscription, which has no answer to put a cookie in. */
export const createEventContext = (
  caller: Caller,
  executor: Executor,
  logs: RequestLogs,
  headers: IncomingHttpHeaders,
): RequestContext =>
  createContext({ caller, executor, logs, headers, id: randomUUID(), cookies: readCookies(headers) });

interface ContextSource {
  caller: Caller;
  executor: Executor;
  logs: RequestLogs;
  headers: IncomingHttpHeaders;
  /** Of the request, where the gateway gave it none. */
  id: string;
  /** Name of the client's operation, where it is known. */
  operation?: string | undefined;
  cookies: Cookies;
}

function createContext(source: ContextSource): RequestContext {
  const { caller, executor, logs, headers, id, cookies, operation } = source;
  const given = headers['x-request-id'];
  const requestId = typeof given === 'string' ? given : id;
  const { identity, service, clientAddress } = caller;
  // What a service asks by itself is for no client.
  const caching = createAnswerCaching(service !== null);
  const { keepPrivate } = caching;
  const viewer = viewerOf(identity);
  const watchedViewer = viewer && watchReads(viewer, keepPrivate, ['role']);
  return {
    viewer: watchedViewer,
    identity: identity && watchReads(identity, keepPrivate, ['scopes']),
    isSigned: caller !== ANONYMOUS_CALLER,
    signal: (currentCancellation() ?? createCancellation()).signal,
    service,
    clientAddress() {
      keepPrivate();
      return clientAddress;
    },
    requestId,
    receivedAt: receivedAt(caller, headers),
    audit: createAuditTrail(executor, { viewer: watchedViewer, service, requestId }, caching.refuse),
    cookies: {
      ...cookies,
      get(name) {
        keepPrivate();
        return cookies.get(name);
      },
    },
    caching,
    logger: logs.logger.child({
      requestId,
      operation,
      viewer: logs.viewerMark(identity),
      ...traceIdsOf(currentSpan()),
    }),
  };
}

/** The gateway's time is believed as its identity is: with a signature. */
const receivedAt = (caller: Caller, headers: IncomingHttpHeaders): Date =>
  (caller === ANONYMOUS_CALLER ? null : parseRequestStart(headers[REQUEST_START_HEADER])) ?? new Date();
