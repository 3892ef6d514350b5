import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OperationDefinitionNode } from 'graphql';
import type { CacheState } from '../caching/responses/response-cache.ts';
import { encodingFor } from '../server/content-encoding.ts';
import { entityTag, isKnown } from '../server/entity-tag.ts';
import type { AnswerBody } from './answer-body.ts';

/** An answer that is ready to be sent. */
export interface Answer {
  /** @default 200 */
  status?: number;
  /** Headers beside those that say what the answer is. @default none */
  headers?: Iterable<readonly [string, string]>;
  body: AnswerBody;
  /** Its `Content-Type`, without the character set. */
  mediaType: string;
  /** Its `Cache-Control`. */
  cacheControl: string;
  /** Seconds since it was made. @default it was made for this request */
  age?: number;
  /** How much of it was there already. @default nobody looked */
  state?: CacheState;
  /** Finds out whether it can be given again. @default it cannot */
  repeat?: Repeat;
}

/** How an answer can be given again. */
export interface Repeat {
  operation: OperationDefinitionNode;
  /** The document's text. */
  source: string;
  /**
   * The age of the answer for an equal request of a client without a name.
   *
   * @returns seconds; undefined when it would not be given the same
   */
  ageFor(clientAddress: string): number | undefined;
}

/** What Fastify is given to send. */
export type Payload = Buffer | Promise<Buffer> | FastifyReply;

/** Sends the answers of the GraphQL endpoint. */
export class AnswerSender {
  readonly #compresses: boolean;

  /** @param compresses - whether answers are compressed for clients that take it */
  constructor(compresses: boolean) {
    this.#compresses = compresses;
  }

  /** Sends an answer. @returns what the handler of the request has to return */
  send(request: FastifyRequest, reply: FastifyReply, answer: Answer): Payload {
    const { status, headers, body, mediaType, cacheControl, age, state } = answer;
    if (status !== undefined) reply.code(status);
    for (const [name, value] of headers ?? []) reply.header(name, value);
    reply.header('content-type', `${mediaType}; charset=utf-8`).header('cache-control', cacheControl);
    if (age !== undefined) reply.header('age', String(age));
    if (state) reply.header('x-cache', state);
    return this.sendBody(request, reply, body);
  }

  /**
   * Sends an answer whose status and headers have been set: a GET of what may be kept has an entity tag, and no body when
   * the client has it already.
   *
   * @returns what the handler of the request has to return
   */
  sendBody({ method, headers }: FastifyRequest, reply: FastifyReply, body: AnswerBody): Payload {
    const { bytes } = body;
    const mediaType = String(reply.getHeader('content-type'));
    const encoding = this.#compresses
      ? encodingFor(headers['accept-encoding'], mediaType, bytes.length)
      : null;
    if ((method === 'GET' || method === 'HEAD') && reply.statusCode === 200 && mayBeKept(reply)) {
      const tag = entityTag(body.digest, mediaType, encoding);
      reply.header('etag', tag);
      if (isKnown(headers['if-none-match'], tag)) {
        reply.code(304).removeHeader('content-type');
        // Of a HEAD Fastify sends no body, but says how long it would be: that is what a 200 would say.
        if (method === 'GET') return reply.send();
      }
    }
    if (!encoding) return bytes;
    reply.header('content-encoding', encoding);
    return body.encoded(encoding);
  }
}

function mayBeKept(reply: FastifyReply): boolean {
  const cacheControl = reply.getHeader('cache-control');
  return cacheControl !== undefined && cacheControl !== 'no-store';
}
