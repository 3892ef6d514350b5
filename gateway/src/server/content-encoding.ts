import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  type BrotliOptions,
  brotliCompress,
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  gzip,
  gzipSync,
  type ZlibOptions,
} from 'node:zlib';
import Negotiator from 'negotiator';

/** An encoding that answers can have. `deflate` is left out: clients do not agree on what it is. */
export type Encoding = 'br' | 'gzip';

/** What a client can choose from; where it has no preference, what comes first. */
const AVAILABLE = ['br', 'gzip', 'identity'];

/** A smaller body is sent as it is: compressed it needs as many packets. */
const LEAST = 1_024; // bytes

/** A larger body is compressed in another thread, which costs about twice as much but holds up nobody. */
const MOST_AT_ONCE = 32_768; // bytes

const COMPRESSIBLE = /^(?:text\/(?!event-stream)|application\/(?:[\w.-]+\+)?json\b|multipart\/mixed\b)/i;

// What lies above these levels takes a multiple of the time and gains a few per cent.
const BROTLI = {
  [constants.BROTLI_PARAM_QUALITY]: 4,
  [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
};
const GZIP: ZlibOptions = { level: 6 };

const brotliInThread = promisify<Buffer, BrotliOptions, Buffer>(brotliCompress);
const gzipInThread = promisify<Buffer, ZlibOptions, Buffer>(gzip);

/**
 * The encoding of an answer.
 *
 * @param accepted - the `Accept-Encoding` header
 * @param mediaType - the `Content-Type` header
 * @param size - bytes of the body; infinite for one that is not all there yet
 * @returns null when it is sent as it is
 */
export function encodingFor(accepted: string | undefined, mediaType: string, size: number): Encoding | null {
  if (accepted === undefined || !COMPRESSIBLE.test(mediaType)) return null;
  const encodings = new Negotiator({ headers: { 'accept-encoding': accepted } }).encodings(AVAILABLE, {
    preferred: AVAILABLE,
  });
  if (size < LEAST && encodings.includes('identity')) return null;
  const [encoding] = encodings;
  return encoding === 'br' || encoding === 'gzip' ? encoding : null;
}

/** Compresses a body. */
export function encode(body: Buffer, encoding: Encoding): Buffer | Promise<Buffer> {
  const isSmall = body.length <= MOST_AT_ONCE;
  if (encoding === 'gzip') return isSmall ? gzipSync(body, GZIP) : gzipInThread(body, GZIP);
  const options = { params: { ...BROTLI, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } };
  return isSmall ? brotliCompressSync(body, options) : brotliInThread(body, options);
}

/** Compresses what is written to it; each piece can be read by the client before the next one comes. */
export const createEncoder = (encoding: Encoding): Transform =>
  encoding === 'gzip'
    ? createGzip({ ...GZIP, flush: constants.Z_SYNC_FLUSH })
    : createBrotliCompress({ params: BROTLI, flush: constants.BROTLI_OPERATION_FLUSH });
