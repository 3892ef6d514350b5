import { pipeline, type Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { createEncoder, encode, encodingFor } from './content-encoding.ts';

/**
 * Compresses answers for clients that take it: all but those that have an encoding already, and streams other than
 * answers in parts.
 */
export function registerCompression(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload: unknown, done) => {
    const accepted = request.headers['accept-encoding'];
    if (accepted === undefined || !payload || reply.getHeader('content-encoding') !== undefined)
      return done();
    const mediaType = String(reply.getHeader('content-type'));
    if (isStream(payload)) {
      const encoding = mediaType.startsWith('multipart/') && encodingFor(accepted, mediaType, Infinity);
      if (!encoding) return done();
      reply.header('content-encoding', encoding);
      const encoder = createEncoder(encoding);
      // Fastify, which reads the encoder, deals with what goes wrong: it ends the answer.
      pipeline(payload, encoder, () => undefined);
      return done(null, encoder);
    }
    const body = Buffer.isBuffer(payload) ? payload : Buffer.from(String(payload));
    const encoding = encodingFor(accepted, mediaType, body.length);
    if (!encoding) return done();
    reply.header('content-encoding', encoding).removeHeader('content-length');
    Promise.resolve(encode(body, encoding)).then((encoded) => done(null, encoded), done);
  });
}

const isStream = (payload: unknown): payload is Readable =>
  typeof (payload as Partial<Readable>).pipe === 'function';
