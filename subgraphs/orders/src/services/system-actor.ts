import type { PrismaClient } from '@tributary/prisma/orders/client';
import { createAuditTrail } from '@tributary/subgraph-kit';
import type { Actor } from './order-transition.ts';

/**
 * On whose account orders are changed that nobody asked for: the payment provider's word, the time that ran out.
 *
 * @param cause - in the place of a request's id in the audit log
 */
export const systemActor = (prisma: PrismaClient, cause: string): Actor => ({
  kind: 'system',
  userId: null,
  audit: createAuditTrail(prisma, { viewer: null, service: 'orders', requestId: cause }),
});
