import {
  ANONYMOUS_CALLER,
  type Caller,
  type Identity,
  type Logger,
  parseRequestStart,
  REQUEST_START_HEADER,
} from '@tributary/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AuditTrail, createAuditTrail, type Executor } from '../audit/audit-trail.ts';
import { type Cookies, createCookies } from '../http/cookies.ts';
import { type Viewer, viewerOf } from '../viewer.ts';

/** What every resolver finds in its context; a subgraph adds its loaders and services. */
export interface RequestContext {
  /** Who is asking; null when nobody is signed in. */
  viewer: Viewer | null;
  /** What the access token says of them; null when nobody is signed in. */
  identity: Identity | null;
  /** Name of the service that asks by itself; null for what a client asks. Only a service resolves `@internal`. */
  service: string | null;
  /** IP address of the client; null when the gateway did not say. */
  clientAddress: string | null;
  /** Of the client's request, the same in all services. */
  requestId: string;
  /** When the client's request came in, at the gateway where there is one. */
  receivedAt: Date;
  audit: AuditTrail;
  cookies: Cookies;
  /** With the request's id on every line. */
  logger: Logger;
}

/** @param executor - what reads by staff are written down with */
export function createRequestContext(
  caller: Caller,
  executor: Executor,
  logger: Logger,
  request: FastifyRequest,
  reply: FastifyReply,
): RequestContext {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' ? given : request.id;
  const viewer = viewerOf(caller.identity);
  return {
    ...caller,
    viewer,
    requestId,
    receivedAt: receivedAt(caller, request),
    audit: createAuditTrail(executor, { viewer, service: caller.service, requestId }),
    cookies: createCookies(request, reply),
    logger: logger.child({ requestId }),
  };
}

/** The gateway's time is believed as its identity is: with a signature. */
const receivedAt = (caller: Caller, { headers }: FastifyRequest): Date =>
  (caller === ANONYMOUS_CALLER ? null : parseRequestStart(headers[REQUEST_START_HEADER])) ?? new Date();
