import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fresh from 'fresh';

/** A strong entity tag (RFC 9110, section 8.8.3) of a text: another text has another one. */
export const tagOfText = (text: string): string =>
  `"${createHash('sha256').update(text).digest('base64url')}"`;

/**
 * A strong entity tag of a file that has the hash of its content in its name, so that all servers of one build agree,
 * whenever it was written there.
 *
 * @param path - the file's
 * @param encoding - the `Content-Encoding` that it is sent with; undefined for none
 */
export const tagOfHashed = (path: string, encoding: string | undefined): string =>
  `"${[basename(path), encoding].filter(Boolean).join('-')}"`;

/**
 * Gives an answer its entity tag, and makes it a 304 when the client has it already (RFC 9110, section 13.1.2).
 *
 * @returns whether it is a 304, which is sent without a body
 */
export function isUnchanged(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  reply.header('etag', tag);
  if (!fresh(request.headers, { etag: tag })) return false;
  for (const name of ['content-type', 'content-length', 'content-encoding']) reply.removeHeader(name);
  reply.code(304);
  return true;
}
