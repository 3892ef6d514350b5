import type { IncomingHttpHeaders } from 'node:http';
import { parseCookie, type SetCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The cookies of one request and of its answer. */
export interface Cookies {
  /** Value of a cookie that the client sent. */
  get(name: string): string | undefined;
  /** Has the client keep a cookie, or forget one with `maxAge: 0`. */
  set(cookie: SetCookie): void;
}

export const createCookies = (request: FastifyRequest, reply: FastifyReply): Cookies => ({
  ...readCookies(request.headers),
  set: (cookie) => void reply.header('set-cookie', stringifySetCookie(cookie)),
});

/** Cookies where there is no answer that could set one. */
export const readCookies = (headers: IncomingHttpHeaders): Cookies => ({
  get: (name) => parseCookie(headers.cookie ?? '')[name],
  set() {
    throw new Error('a cookie cannot be set without an HTTP answer');
  },
});
