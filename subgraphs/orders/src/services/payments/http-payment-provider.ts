import { z } from 'zod';
import {
  type PaymentProvider,
  PaymentProviderError,
  type PaymentRequest,
  type ProviderPayment,
} from './payment-provider.ts';

export interface HttpPaymentProviderOptions {
  /** Address of the API, without `/v1`. */
  url: string;
  /** Key that the provider knows us by. */
  secret: string;
  /** Milliseconds for one answer. @default 10000 */
  timeout?: number;
}

const DEFAULT_TIMEOUT = 10_000; // 10 seconds

const paymentSchema = z
  .object({
    id: z.string().min(1).max(100),
    reference: z.string(),
    amount: z.number().int().nonnegative(),
    currency: z.enum(['EUR', 'GBP', 'JPY', 'USD']),
    status: z.enum(['processing', 'succeeded', 'failed', 'cancelled']),
    refunded: z.number().int().nonnegative(),
    failureReason: z.string().nullable(),
  })
  .transform(
    ({ id, reference, amount, currency, status, refunded, failureReason }): ProviderPayment => ({
      id,
      reference,
      status: status === 'processing' ? 'open' : status,
      amountMinor: BigInt(amount),
      currency,
      refundedMinor: BigInt(refunded),
      failureReason,
    }),
  );

const listSchema = z.object({ data: z.array(paymentSchema) });

/** What a request is made of. */
interface ApiRequest {
  method: 'GET' | 'POST';
  /** Below `/v1/payments`. */
  path: string;
  body?: Record<string, unknown>;
  idempotencyKey?: string;
}

/** Reaches the payment provider over its HTTP API. */
export function createHttpPaymentProvider(options: HttpPaymentProviderOptions): PaymentProvider {
  const { url, secret, timeout = DEFAULT_TIMEOUT } = options;

  async function send({ method, path, body, idempotencyKey }: ApiRequest) {
    try {
      const response = await fetch(new URL(`v1/payments${path}`, url.endsWith('/') ? url : `${url}/`), {
        method,
        signal: AbortSignal.timeout(timeout),
        redirect: 'error',
        headers: {
          authorization: `Bearer ${secret}`,
          accept: 'application/json',
          ...(body && { 'content-type': 'application/json' }),
          ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as unknown };
    } catch (error) {
      throw new PaymentProviderError(`${method} payments${path}: no answer`, error);
    }
  }

  async function ask<Schema extends z.ZodType>(
    request: ApiRequest,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const answer = await send(request);
    if (answer.status >= 300) throw refusal(request, answer);
    const parsed = schema.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    throw new PaymentProviderError(
      `${request.method} payments${request.path}: not the answer that was expected`,
    );
  }

  const get = (id: string) => ask({ method: 'GET', path: `/${encodeURIComponent(id)}` }, paymentSchema);

  return {
    create: ({ reference, amountMinor, currency }: PaymentRequest, idempotencyKey) =>
      ask(
        {
          method: 'POST',
          path: '',
          body: { amount: Number(amountMinor), currency, reference },
          idempotencyKey,
        },
        paymentSchema,
      ),
    get,
    async findByReference(reference) {
      const path = `?reference=${encodeURIComponent(reference)}`;
      const { data } = await ask({ method: 'GET', path }, listSchema);
      return data[0] ?? null;
    },
    async cancel(id) {
      const request = { method: 'POST', path: `/${encodeURIComponent(id)}/cancel` } as const;
      const answer = await send(request);
      // It ended before, or cannot be stopped; which of them, is for the payment to say.
      if (answer.status !== 409 && answer.status >= 300) throw refusal(request, answer);
      return get(id);
    },
    async refund(id, amountMinor, idempotencyKey) {
      const path = `/${encodeURIComponent(id)}/refunds`;
      const body = { amount: Number(amountMinor) };
      await ask({ method: 'POST', path, body, idempotencyKey }, z.unknown());
    },
  };
}

const errorSchema = z.object({ error: z.object({ code: z.string().max(100) }) });

/** Repeats nothing of the answer but its code. */
function refusal({ method, path }: ApiRequest, { status, body }: { status: number; body: unknown }) {
  const { data } = errorSchema.safeParse(body);
  return new PaymentProviderError(
    `${method} payments${path}: HTTP ${status}${data ? ` ${data.error.code}` : ''}`,
  );
}
