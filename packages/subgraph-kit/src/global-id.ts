import { InputError } from './errors.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ENCODED = /^[A-Za-z0-9_-]{1,200}$/;

/**
 * The id of an object as clients know it: base64url of `Type:uuid`, unique across all types and subgraphs.
 *
 * @param type - GraphQL type name
 * @param uuid - the object's own key, lower case
 */
export const toGlobalId = (type: string, uuid: string): string =>
  Buffer.from(`${type}:${uuid}`, 'latin1').toString('base64url');

/**
 * Reads a global id of one type.
 *
 * @param argument - where the client gave it, for the error
 * @returns the uuid
 * @throws InputError `INVALID_ID` when it is malformed or of another type
 */
export function fromGlobalId(type: string, id: unknown, argument: string): string {
  const uuid = tryFromGlobalId(type, id);
  if (uuid === null) throw new InputError('INVALID_ID', argument, `This is not the id of a ${type}.`);
  return uuid;
}

/**
 * As `fromGlobalId`, with null in place of the error.
 *
 * @param id - of any type: nobody checks what is inside of an entity's representation
 */
export function tryFromGlobalId(type: string, id: unknown): string | null {
  if (typeof id !== 'string' || !ENCODED.test(id)) return null;
  const text = Buffer.from(id, 'base64url').toString('latin1');
  const uuid = text.slice(type.length + 1);
  // Encoded again it must be the same text: one object has one id, whatever a lenient decoder accepts.
  return text.startsWith(`${type}:`) && UUID.test(uuid) && toGlobalId(type, uuid) === id ? uuid : null;
}
