import type { Encoding } from './content-encoding.ts';

/**
 * A strong entity tag (RFC 9110, section 8.8.3): representations that differ in bytes or in media type have different
 * ones.
 *
 * @param digest - of the body before its encoding
 * @param mediaType - the `Content-Type` header
 */
export const entityTag = (digest: string, mediaType: string, encoding: Encoding | null): string =>
  `"${digest}${mediaType.startsWith('application/json') ? '' : '-r'}${encoding ? `-${encoding}` : ''}"`;

/**
 * Whether a client has the representation with this tag.
 *
 * @param ifNoneMatch - the `If-None-Match` header: tags, which are compared weakly, or `*` for any
 */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return [...ifNoneMatch.matchAll(/(?:W\/)?("[^"]*")/g)].some(([, given]) => given === tag);
}
