import type { Order, OrderStatus, Prisma, PrismaClient } from '@tributary/prisma/orders/client';
import {
  type AuditTrail,
  type Evictions,
  hasRole,
  notFound,
  Refusal,
  type Viewer,
  validationError,
} from '@tributary/subgraph-kit';
import { type Actor, transition } from './order-transition.ts';

/** On whose request an order is changed. */
export interface ChangeSource {
  viewer: Viewer;
  audit: AuditTrail;
}

/** Has people take orders further. All throw a `Refusal` with what they could act on. */
export interface OrderChanges {
  /** Cancels an order: one's own, or any for staff. To others, it does not exist. */
  cancel(source: ChangeSource, orderId: string, reason: string | null): Promise<Order>;
  /** Takes any order a step further, for staff. That it is paid takes a reason. */
  advance(source: ChangeSource, orderId: string, to: OrderStatus, reason: string | null): Promise<Order>;
}

export const createOrderChanges = (prisma: PrismaClient, evictions: Evictions): OrderChanges => ({
  cancel: (source, orderId, reason) =>
    prisma.$transaction(async (tx) => {
      const by = actorOf(source);
      if (by.kind !== 'staff') await refuseForeign(tx, orderId, source.viewer);
      return transition(tx, { orderId, to: 'CANCELLED', by, reason }, evictions);
    }),
  async advance(source, orderId, to, reason) {
    if (to === 'PAID' && reason === null)
      throw new Refusal(validationError(['reason'], 'Say how the money came.'));
    return prisma.$transaction((tx) =>
      transition(tx, { orderId, to, by: actorOf(source), reason }, evictions),
    );
  },
});

const actorOf = ({ viewer, audit }: ChangeSource): Actor => ({
  kind: hasRole(viewer, 'STAFF') ? 'staff' : 'customer',
  userId: viewer.userId,
  audit,
});

/** An order never changes hands, so that this need not hold on to it. */
async function refuseForeign(tx: Prisma.TransactionClient, orderId: string, viewer: Viewer): Promise<void> {
  const order = await tx.order.findUnique({ where: { id: orderId }, select: { userId: true } });
  if (order?.userId !== viewer.userId) throw new Refusal(notFound(['id']));
}
