import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import type { ContextFactory } from '../context.ts';
import { GRAPHQL_PATH } from '../server/graphql-path.ts';
import type { Admission, Door } from './door.ts';

/** The door for requests over HTTP. */
export interface HttpDoor {
  /** Has each request for an operation go through it. */
  register(app: FastifyInstance): void;
  /** Makes contexts of those requests alone that are let in. */
  guard(make: ContextFactory): ContextFactory;
}

/** Makes the door for requests over HTTP: bodies of JSON, and the parameters of a GET. */
export function createHttpDoor(door: Door): HttpDoor {
  const refusals = new WeakMap<IncomingMessage, GraphQLError>();
  const admit = (request: FastifyRequest): void => {
    const { refusal } = request.method === 'POST' ? admitBody(request, door) : admitUrl(request, door);
    if (refusal) refusals.set(request.raw, refusal);
  };
  return {
    register(app) {
      app.addHook('preHandler', (request, _reply, done) => {
        if (request.routeOptions.url === GRAPHQL_PATH) admit(request);
        done();
      });
    },
    guard: (make) => async (request, reply) => {
      const refusal = refusals.get(request.raw);
      if (refusal) throw refusal;
      return make(request, reply);
    },
  };
}

function admitBody(request: FastifyRequest, door: Door): Admission {
  const admission = door(request.body);
  request.body = admission.parameters;
  return admission;
}

function admitUrl({ raw, url }: FastifyRequest, door: Door): Admission {
  const { pathname, searchParams } = new URL(url, 'http://gateway');
  // Apollo Server refuses what is there twice; until then it must not be taken for something else.
  const value = (name: string) => searchParams.getAll(name).join('\n') || undefined;
  const [query, documentId, extensions] = [value('query'), value('documentId'), value('extensions')];
  if (query === undefined && documentId === undefined && extensions === undefined)
    return { parameters: undefined };
  const given = { query, documentId, extensions: parsed(extensions) };
  const admission = door(given);
  if (admission.refusal || admission.parameters === given) return admission;
  const { query: text, extensions: rest } = admission.parameters as { query: string; extensions?: object };
  searchParams.delete('documentId');
  searchParams.set('query', text);
  if (rest) searchParams.set('extensions', JSON.stringify(rest));
  else searchParams.delete('extensions');
  raw.url = `${pathname}?${searchParams}`;
  return admission;
}

/** @returns undefined for what is no JSON: Apollo Server says so */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
