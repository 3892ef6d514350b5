import { createHmac } from 'node:crypto';

/** Name of the header that a webhook's signature is in. */
export const SIGNATURE_HEADER = 'Tributary-Signature';

/**
 * Signs the body of a webhook.
 *
 * @param body - exactly as it is sent
 * @param timestampSeconds - since 1970; a receiver refuses one that is long ago
 * @returns the header's value: `t=<seconds>,v1=<hexadecimal HMAC-SHA256 of "<seconds>.<body>">`
 */
export function signWebhook(body: string, secret: string, timestampSeconds: number): string {
  const digest = createHmac('sha256', secret).update(`${timestampSeconds}.${body}`).digest('hex');
  return `t=${timestampSeconds},v1=${digest}`;
}
