import type { IncomingHttpHeaders } from 'node:http';
import {
  type Identity,
  parseRequestDeadline,
  REQUEST_DEADLINE_HEADER,
  type TraceContext,
} from '@tributary/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CookieOwners } from './cookies/cookie-owners.ts';
import { createRequestCookies, type RequestCookies } from './cookies/request-cookies.ts';
import { refusal } from './errors/gateway-error.ts';
import type { ClientOperation } from './execution/operation-cache.ts';
import type { Authenticator } from './security/authenticate.ts';
import { clientAddressOf } from './server/client-address.ts';
import { clientNameOf } from './telemetry/client-name.ts';
import { type Cancellation, Canceller } from './transport/cancellation.ts';
import { DeadlineCanceller } from './transport/deadline.ts';

/** What is known of one GraphQL request, everywhere in the gateway. */
export interface GatewayContext {
  /** Goes to the subgraphs and into every log line. */
  requestId: string;
  /** Where it stands in a trace. @default it is in none */
  trace?: TraceContext | null | undefined;
  /** When the request came in. */
  receivedAt: Date;
  /** Who is asking; null when nobody said. */
  identity: Identity | null;
  /** The client's IP address, as far as the proxies between can be believed. */
  clientAddress: string;
  /** How the program that asks calls itself; absent where it does not. */
  client?: string | undefined;
  /** The client's headers that are handed on to the subgraphs, by lower-case name. */
  propagated: Readonly<Record<string, string>>;
  /** The cookies of subgraphs that the request has, and those that its answer sets. */
  cookies: RequestCookies;
  /** Aborted when the client goes away before it has its answer, or does not wait any longer: its own deadline is over. */
  clientGone: Cancellation;
  /** Sets a header of the answer; absent where an answer has no headers of its own, as on a WebSocket. */
  setHeader?: (name: string, value: string) => void;
  /** Nothing may be changed, whatever the operation is. @default false */
  isSafe?: boolean;
  /** Nothing that was kept, or that others asked for before, is good for it. @default it is not known yet */
  isFresh?: boolean;
  /** Takes a subscription over, once it is known to be valid; absent where there is one answer only. */
  acceptSubscription?: (subscription: ClientSubscription) => void;
}

/** A subscription as a client asked for it: valid, with variables that fit. */
export interface ClientSubscription {
  client: ClientOperation;
  variables: Readonly<Record<string, unknown>>;
}

/** Makes the context of a request. */
export type ContextFactory = (request: FastifyRequest, reply: FastifyReply) => Promise<GatewayContext>;

/** What contexts are made with. */
export interface ContextOptions {
  authenticate: Authenticator;
  /** Lower-case names of the headers to hand on. */
  propagated: readonly string[];
  cookieOwners: CookieOwners;
}

/** Prepares the making of contexts, which throws a GraphQLError for a header that is wrong. */
export function createContextFactory({
  authenticate,
  propagated,
  cookieOwners,
}: ContextOptions): ContextFactory {
  return async (request, reply) => {
    const receivedAt = new Date();
    const gone = createClientGone(request, reply);
    return {
      requestId: request.requestId,
      trace: request.trace,
      receivedAt,
      identity: await authenticate(request.headers.authorization),
      clientAddress: clientAddressOf(request),
      client: clientNameOf(request.headers),
      propagated: pick(request.headers, propagated),
      cookies: createRequestCookies(cookieOwners, request, reply),
      clientGone: gone,
      setHeader: (name, value) => void reply.header(name, value),
    };
  };
}

/** @throws GraphQLError `BAD_REQUEST_DEADLINE` (HTTP 400) */
function createClientGone({ headers }: FastifyRequest, { raw }: FastifyReply): Cancellation {
  const given = headers[REQUEST_DEADLINE_HEADER];
  if (given === undefined) {
    const gone = new Canceller(CLIENT_GONE);
    raw.once('close', () => {
      if (!raw.writableFinished) gone.cancel();
    });
    return gone;
  }
  const milliseconds = parseRequestDeadline(given);
  if (milliseconds === null) throw refusal('BAD_REQUEST_DEADLINE');
  const gone = new DeadlineCanceller(CLIENT_GONE, milliseconds);
  raw.once('close', () => {
    if (raw.writableFinished) gone.end();
    else gone.cancel();
  });
  return gone;
}

const CLIENT_GONE = 'the client is gone';

/** Some of a request's headers, by lower-case name. */
export function pick(given: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = given[name];
    if (value !== undefined) picked[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return picked;
}
