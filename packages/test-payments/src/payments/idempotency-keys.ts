import { ApiError } from './api-error.ts';

/** Remembers what was done under which key, so that it is done once. Refused requests leave their key free. */
export class IdempotencyKeys {
  readonly #done = new Map<string, { request: string; paymentId: string }>();

  /**
   * Does something unless it has been done under this key.
   *
   * @param request - what is asked for, equal for equal requests
   * @param run - must not wait for anything, so that equal requests cannot come in between; gives the payment's id
   * @returns the id of the payment that it was done to
   * @throws ApiError when the key was used for another request
   */
  once(key: string, request: unknown, run: () => string): string {
    const text = canonical(request);
    const earlier = this.#done.get(key);
    if (!earlier) {
      const paymentId = run();
      this.#done.set(key, { request: text, paymentId });
      return paymentId;
    }
    if (earlier.request !== text)
      throw new ApiError(
        409,
        'idempotency_key_reused',
        'This Idempotency-Key was used for another request.',
        'Idempotency-Key',
      );
    return earlier.paymentId;
  }
}

/** JSON in which the order of an object's keys makes no difference. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
