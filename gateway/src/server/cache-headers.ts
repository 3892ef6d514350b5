import type { FastifyInstance, FastifyReply } from 'fastify';

/** What decides about the answers of the GraphQL endpoint, beside the operation. */
export interface CacheHeaderOptions {
  /** Path of the endpoint. */
  path: string;
  /** Whether answers are compressed. */
  compresses: boolean;
  /** Lower-case names of the request headers that the gateway reads to find out who is asking, or hands on. */
  reads: readonly string[];
  /** Whether subgraphs get cookies. */
  readsCookies: boolean;
  /** Lower-case names of the request headers by which a client asks to be told more than the answer. */
  inspecting: readonly string[];
}

/**
 * Sees to it that caches do right by every answer, whatever made it: what says nothing about its age is not kept, and
 * `Vary` names the request headers that answers depend on.
 */
export function registerCacheHeaders(app: FastifyInstance, options: CacheHeaderOptions): void {
  const { path, compresses, reads, readsCookies, inspecting } = options;
  const usual = compresses ? ['Accept-Encoding'] : [];
  const graphql = [...new Set(['Accept', ...usual, ...reads.map(capitalized), ...inspecting])];
  // Cookies are read from a POST alone, see `createRequestCookies`.
  const posted = readsCookies ? [...graphql, 'Cookie'] : graphql;
  const readsAuthorization = reads.includes('authorization');

  app.addHook('onSend', (request, reply, _payload, done) => {
    const { headers, method, routeOptions } = request;
    const cacheControl = reply.getHeader('cache-control');
    if (routeOptions.url !== path) {
      if (cacheControl === undefined) reply.header('cache-control', 'no-store');
      addVary(reply, usual);
      return done();
    }
    if (cacheControl === undefined || inspecting.some((name) => headers[name] !== undefined)) {
      reply.header('cache-control', 'no-store');
    } else if (readsAuthorization && headers.authorization !== undefined) {
      reply.header('cache-control', unshared(String(cacheControl)));
    }
    addVary(reply, method === 'POST' ? posted : graphql);
    done();
  });
}

/**
 * For an answer to somebody who said who they are. `Vary` says that it is theirs, but not every shared cache heeds it, and
 * `public` would lift the rule that they do not keep such answers (RFC 9111, section 3.5).
 */
const unshared = (cacheControl: string): string => cacheControl.replace(/\bpublic\b/, 'private');

function addVary(reply: FastifyReply, names: readonly string[]): void {
  const given = reply.getHeader('vary');
  if (names.length === 0 || given === '*') return;
  if (given === undefined) return void reply.header('vary', names.join(', '));
  const known = [given]
    .flat()
    .join(',')
    .split(',')
    .map((name) => name.trim());
  const isKnown = (name: string) => known.some((one) => one.toLowerCase() === name.toLowerCase());
  reply.header('vary', [...known, ...names.filter((name) => !isKnown(name))].join(', '));
}

/** The name of a header as it is usually written. */
const capitalized = (name: string): string => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
