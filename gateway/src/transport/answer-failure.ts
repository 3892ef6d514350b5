import { codeOf } from './connection-failure.ts';

/** The answer has more bytes than it may have, as it came or decoded. */
export const isTooLarge = (error: unknown): boolean => codeOf(error) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';

/** The answer's bytes are not what its `Content-Encoding` says, or break off: what zlib and brotli report. */
export const isUndecodable = (error: unknown): boolean =>
  /^(?:Z_|ERR_BROTLI_|ERR__ERROR_)/.test(codeOf(error));
