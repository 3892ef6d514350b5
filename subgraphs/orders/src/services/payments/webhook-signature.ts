import { createHmac, timingSafeEqual } from 'node:crypto';

/** Name of the header that a webhook's signature is in: `t=<seconds>,v1=<hexadecimal HMAC-SHA256 of "t.body">`. */
export const SIGNATURE_HEADER = 'tributary-signature';

/** How far a signature's time may be from ours, either way. */
const TOLERANCE = 300; // seconds

/**
 * Whether the provider signed a webhook, just now. There may be several signatures, as while a secret is replaced.
 *
 * @param header - of the request, undefined when there is none
 * @param body - the bytes as they came
 * @param now - in milliseconds since 1970
 */
export function isSigned(
  header: string | undefined,
  body: Buffer,
  secret: string,
  now: number = Date.now(),
): boolean {
  const items = (header ?? '').split(',').map((item) => item.trim());
  const time = items.find((item) => /^t=\d{1,12}$/.test(item))?.slice(2);
  if (time === undefined || Math.abs(now / 1_000 - Number(time)) > TOLERANCE) return false;
  const expected = createHmac('sha256', secret).update(`${time}.`).update(body).digest();
  return items
    .filter((item) => /^v1=[0-9a-f]{64}$/.test(item))
    .some((item) => timingSafeEqual(Buffer.from(item.slice(3), 'hex'), expected));
}
