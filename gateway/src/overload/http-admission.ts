import type { IncomingMessage } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { HttpService, RequestListener } from '@tributary/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GRAPHQL_PATH } from '../server/graphql-path.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../telemetry/request-id.ts';
import type { Admission, Leave } from './admission.ts';
import { OVERLOADED_BODY, RETRY_AFTER } from './refusal.ts';

/** Lets requests for GraphQL in; all other requests are never refused. */
export interface HttpAdmission {
  /** Refuses requests before anything of them is read but their headers, when it is known already that they will be. */
  listener: RequestListener;
  /** For the GraphQL route. A request that is read takes a place until its answer is made. */
  hooks: {
    preValidation(request: FastifyRequest, reply: FastifyReply, done: () => void): void;
    onSend(request: FastifyRequest, reply: FastifyReply, payload: unknown, done: () => void): void;
  };
  /** Gives back the place of a request whose answer will take as long as the client likes. */
  leave(request: FastifyRequest): void;
}

/** Makes what lets requests in. @param service - counts the answers that no route gives */
export function createHttpAdmission(
  admission: Admission,
  service: Pick<HttpService, 'isDraining' | 'observe'>,
): HttpAdmission {
  const places = new WeakMap<IncomingMessage, Leave>();
  const leave = ({ raw }: FastifyRequest) => places.get(raw)?.();
  return {
    listener(request, response, next) {
      if (isLeftToRoutes(request, service) || !admission.refusesNow()) return next();
      const start = performance.now();
      response.writeHead(503, [
        ...HEADERS,
        REQUEST_ID_HEADER,
        requestIdOf(request.headers),
        'content-length',
        String(OVERLOADED_BODY.length),
      ]);
      response.end(OVERLOADED_BODY);
      const labels = { method: request.method ?? '', route: GRAPHQL_PATH, status: 503 };
      service.observe(labels, (performance.now() - start) / 1_000);
    },
    hooks: {
      preValidation({ raw }, reply, done) {
        const begin = (place: Leave | null) => {
          if (!place) return refuse(reply);
          places.set(raw, place);
          // The answer is never made for some who go away.
          reply.raw.once('close', place);
          done();
        };
        const place = admission.enter((giveUp) => reply.raw.once('close', giveUp));
        if (place instanceof Promise) void place.then(begin);
        else begin(place);
      },
      onSend(request, _reply, _payload, done) {
        leave(request);
        done();
      },
    },
    leave,
  };
}

const HEADERS = [
  'content-type',
  'application/json; charset=utf-8',
  'cache-control',
  'no-store',
  'retry-after',
  RETRY_AFTER,
];

/**
 * Pages of other origins may read an answer only with headers that the routes add, and answers close their connections
 * while the service ends.
 */
const isLeftToRoutes = (
  { url = '', headers }: IncomingMessage,
  { isDraining }: Pick<HttpService, 'isDraining'>,
): boolean => !isGraphQL(url) || headers.origin !== undefined || isDraining;

const isGraphQL = (url: string): boolean =>
  url.startsWith(GRAPHQL_PATH) && (url.length === GRAPHQL_PATH.length || url[GRAPHQL_PATH.length] === '?');

function refuse(reply: FastifyReply): void {
  // Who has gone is told nothing.
  if (reply.raw.destroyed) return void reply.hijack();
  reply
    .code(503)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('retry-after', RETRY_AFTER)
    .send(OVERLOADED_BODY);
}
