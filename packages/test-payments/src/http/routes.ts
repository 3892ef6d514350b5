import type { FastifyInstance } from 'fastify';
import type { Ledger } from '../payments/ledger.ts';
import { requireSecret } from './authorize.ts';
import { registerErrorHandler } from './error-handler.ts';
import type { Outage } from './outage.ts';
import { createBody, idempotencyKeyOf, listQuery, parse, refundBody } from './requests.ts';

export interface ApiOptions {
  ledger: Ledger;
  outage: Outage;
  /** What clients have to know. */
  secret: string;
}

/**
 * Serves the API. Every answer is a payment as it is now, or `{ data: […] }` of them, or
 * `{ error: { code, message, field? } }`.
 *
 * | request | done once for each `Idempotency-Key` | refused with 409 |
 * | --- | --- | --- |
 * | `POST /v1/payments` `{ amount, currency, reference, metadata? }` | yes | `idempotency_key_reused` |
 * | `GET /v1/payments/:id` | | |
 * | `GET /v1/payments?reference=` (newest first) | | |
 * | `POST /v1/payments/:id/cancel` | | `already_succeeded` |
 * | `POST /v1/payments/:id/refunds` `{ amount }` | yes | `not_succeeded`, `amount_too_large`, `idempotency_key_reused` |
 */
export function serveApi(app: FastifyInstance, { ledger, outage, secret }: ApiOptions): void {
  registerErrorHandler(app);
  app.register(
    async (scope) => {
      outage.register(scope);
      requireSecret(scope, secret);

      scope.post('/payments', async (request, reply) => {
        const payment = ledger.create(parse(createBody, request.body), idempotencyKeyOf(request));
        return reply.code(201).send(payment);
      });
      scope.get('/payments', async ({ query }) => ({
        data: ledger.findByReference(parse(listQuery, query).reference),
      }));
      scope.get<OfPayment>('/payments/:id', async ({ params }) => ledger.get(params.id));
      scope.post<OfPayment>('/payments/:id/cancel', async ({ params }) => ledger.cancel(params.id));
      scope.post<OfPayment>('/payments/:id/refunds', async (request, reply) => {
        const { amount } = parse(refundBody, request.body);
        return reply.code(201).send(ledger.refund(request.params.id, amount, idempotencyKeyOf(request)));
      });
    },
    { prefix: '/v1' },
  );
}

interface OfPayment {
  Params: { id: string };
}
