import { parseCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CookieOwners } from './cookie-owners.ts';

/** The cookies of subgraphs in one request, and those that its answer sets. */
export interface RequestCookies {
  /** Those of all subgraphs, by name. */
  readonly given: ReadonlyMap<string, string>;
  /** The `Cookie` header for a subgraph: its own cookies and no others; undefined when there are none. */
  of(subgraph: string): string | undefined;
  /**
   * Puts those of a subgraph's `Set-Cookie` headers that are its own on the answer, as it wrote them. Of several
   * with one name the last one counts. None can be set when the head of the answer has been sent.
   *
   * @returns whether there were any
   */
  collect(subgraph: string, headers: string | string[] | undefined): boolean;
}

/** What a browser sends back of a value that followed RFC 6265, section 4.1.1; anything else was made up. */
const VALUE = /^("?)[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*\1$/;

const NAME_OF_SET_COOKIE = /^\s*([^=;\s]+)\s*=/;

/** Takes the subgraphs' cookies out of a request. */
export function createRequestCookies(
  owners: CookieOwners,
  request: FastifyRequest,
  reply: FastifyReply,
): RequestCookies {
  const given = owners.size > 0 && mayCarryCookies(request) ? valuesIn(request.headers.cookie) : new Map();
  const set = new Map<string, string>();
  return {
    ...readOnly(owners, given),
    collect(subgraph, headers = []) {
      const own = [headers].flat().flatMap((header) => {
        const name = NAME_OF_SET_COOKIE.exec(header)?.[1];
        return name !== undefined && owners.get(name) === subgraph ? [{ name, header }] : [];
      });
      if (own.length === 0) return false;
      if (reply.raw.headersSent) {
        const cookies = own.map(({ name }) => name);
        request.log.warn(
          { subgraph, cookies },
          'cookies came with a deferred part, after the headers, and are not set',
        );
        return true;
      }
      for (const { name, header } of own) set.set(name, header);
      // Fastify adds to the `Set-Cookie` headers that are there, so they are taken away first.
      reply.removeHeader('set-cookie').header('set-cookie', [...set.values()]);
      return true;
    },
  };
}

/**
 * The subgraphs' cookies of a connection on which none can be set.
 *
 * @param header - the `Cookie` header; undefined when it is not to be believed
 */
export const connectionCookies = (owners: CookieOwners, header: string | undefined): RequestCookies =>
  readOnly(owners, owners.size > 0 ? valuesIn(header) : new Map());

const readOnly = (owners: CookieOwners, given: ReadonlyMap<string, string>): RequestCookies => ({
  given,
  of(subgraph) {
    const own = [...given].filter(([name]) => owners.get(name) === subgraph);
    return own.length === 0 ? undefined : own.map(([name, value]) => `${name}=${value}`).join('; ');
  },
  collect: () => false,
});

/**
 * Another site can have a browser send a GET or a form with the cookies of this one, but not JSON: that takes a
 * preflight request, which the gateway does not grant.
 */
const mayCarryCookies = ({ method, headers }: FastifyRequest): boolean =>
  method === 'POST' && /^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '');

function valuesIn(header = ''): ReadonlyMap<string, string> {
  const verbatim = (value: string) => value;
  return new Map(
    Object.entries(parseCookie(header, { decode: verbatim })).flatMap(([name, value]) =>
      value !== undefined && VALUE.test(value) ? [[name, value] as const] : [],
    ),
  );
}
