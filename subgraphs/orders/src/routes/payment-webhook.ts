import type { Logger } from '@tributary/platform';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { takeHint } from '../services/payments/webhook-intake.ts';
import { isSigned, SIGNATURE_HEADER } from '../services/payments/webhook-signature.ts';

export interface PaymentWebhookOptions {
  prisma: PrismaClient;
  /** What the provider signs with; without one, every webhook is refused. */
  secret: string | undefined;
  logger: Logger;
}

const BODY_LIMIT = 65_536; // bytes

/** Without a NUL character, which PostgreSQL cannot take. */
const reference = z
  .string()
  .max(200)
  .regex(/^[^\0]*$/);

const event = z.object({
  id: z.string().regex(/^[\w-]{1,100}$/),
  type: z.string().regex(/^[\w.-]{1,100}$/),
  data: z.object({ payment: z.object({ id: reference, reference }) }),
});

/**
 * Serves `POST /webhooks/payments`: 401 without a valid signature, 400 for what is no event, otherwise 200 as soon
 * as the event is stored.
 */
export function servePaymentWebhook(app: FastifyInstance, options: PaymentWebhookOptions): void {
  const { prisma, secret, logger } = options;
  app.register(async (scope) => {
    // The signature is over the bytes as they came.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post<{ Body: Buffer | undefined }>(
      '/webhooks/payments',
      { bodyLimit: BODY_LIMIT },
      async ({ headers, body = Buffer.alloc(0) }, reply) => {
        const signature = headers[SIGNATURE_HEADER];
        if (secret === undefined || typeof signature !== 'string' || !isSigned(signature, body, secret)) {
          logger.warn('a webhook that the payment provider did not sign just now');
          return reply.code(401).send({ error: 'The signature does not hold.' });
        }
        const parsed = event.safeParse(parseJson(body));
        if (!parsed.success) return reply.code(400).send({ error: 'This is not an event.' });
        const { id: eventId, type, data } = parsed.data;
        const { id: paymentId, reference } = data.payment;
        const hint = { eventId, type, paymentId, reference };
        const intake = await takeHint(prisma, hint);
        if (intake === 'unknown payment') logger.warn(hint, 'a webhook about a payment that is not ours');
        return reply.code(200).send({ received: true });
      },
    );
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
