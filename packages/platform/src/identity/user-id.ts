import { createHash } from 'node:crypto';

/** The namespace of names that are URLs (RFC 9562, section 6.6). */
const URL_NAMESPACE = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The user id of a token's subject, which is a UUID for the subgraphs: a subject that is one (in lower case, as
 * databases write it) is taken as it is, any other becomes the UUIDv5 of issuer and subject, always the same one.
 */
export const userIdOf = (issuer: string, subject: string): string =>
  UUID.test(subject) ? subject : uuidV5(uuidV5(URL_NAMESPACE, issuer), subject);

/** A UUID that follows from a name (RFC 9562, section 5.5). @param namespace - a UUID */
export function uuidV5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6); // version 5
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8); // the variant of RFC 9562
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
