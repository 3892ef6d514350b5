const GLOBAL_ID = /^([A-Za-z_]\w*):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ENCODED = /^[A-Za-z0-9_-]{1,400}$/;

/**
 * The type in a global id, which is base64url of `Type:uuid`.
 *
 * @returns null when the id is malformed
 */
export function typeOfGlobalId(id: string): string | null {
  if (!ENCODED.test(id)) return null;
  const text = Buffer.from(id, 'base64url').toString('latin1');
  // Encoded again it must be the same text: one object has one id, whatever a lenient decoder accepts.
  if (Buffer.from(text, 'latin1').toString('base64url') !== id) return null;
  return GLOBAL_ID.exec(text)?.[1] ?? null;
}
