import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../payments/api-error.ts';

const amount = z.int().positive();
const text = (max: number) => z.string().min(1).max(max);

/** Body of `POST /v1/payments`. */
export const createBody = z.strictObject({
  amount,
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters, as in EUR'),
  reference: text(200),
  metadata: z.record(text(40), z.string().max(500)).default({}),
});

/** Body of `POST /v1/payments/:id/refunds`. */
export const refundBody = z.strictObject({ amount });

/** Query of `GET /v1/payments`. */
export const listQuery = z.strictObject({ reference: text(200) });

const key = text(255);

/** @throws ApiError when the header is missing or too long */
export function idempotencyKeyOf({ headers }: FastifyRequest): string {
  const { data } = key.safeParse(headers['idempotency-key']);
  if (data !== undefined) return data;
  throw new ApiError(
    400,
    'idempotency_key_required',
    'Send a header Idempotency-Key of at most 255 characters.',
    'Idempotency-Key',
  );
}

/** @throws ApiError naming the first field that is wrong */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(input);
  if (!error) return data;
  const [issue] = error.issues;
  const field = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  throw new ApiError(
    400,
    'invalid_request',
    issue?.message ?? 'The request is not valid.',
    field || undefined,
  );
}
