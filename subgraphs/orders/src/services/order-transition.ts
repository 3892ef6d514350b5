import { join, sqltag as sql } from '@prisma/client/runtime/client';
import { addJobs } from '@tributary/jobs';
import type { Order, OrderStatus, Prisma } from '@tributary/prisma/orders/client';
import { type AuditTrail, type Evictions, notFound, Refusal, userError } from '@tributary/subgraph-kit';
import { ORDER_COLUMNS } from './order.rows.ts';
import { jobsAfter } from './order-consequences.ts';
import { evictionOfOrder } from './order-eviction.ts';
import { type ActorKind, nextStatusesFor, statusesBefore } from './order-transitions.ts';

/** Who takes an order a step further. */
export interface Actor {
  kind: ActorKind;
  /** Null for the system. */
  userId: string | null;
  audit: AuditTrail;
}

/** One step. */
export interface TransitionRequest {
  orderId: string;
  to: OrderStatus;
  by: Actor;
  reason: string | null;
}

/**
 * Takes an order one step further, with all that goes with it: its history, its payment, the audit entry and the
 * jobs. Of any number that try at the same time, one wins each step.
 *
 * @param evictions - has what was kept of the order forgotten
 * @returns the order as it is now
 * @throws Refusal with an `IllegalTransitionError` when the step cannot follow or is not the actor's to take, and
 *   with a `NotFoundError` when there is no such order
 */
export async function transition(
  tx: Prisma.TransactionClient,
  { orderId, to, by, reason }: TransitionRequest,
  evictions: Evictions,
): Promise<Order> {
  const taken = await takeStep(tx, orderId, to, statusesBefore(to, by.kind));
  if (!taken) throw await refusalOf(tx, orderId, to, by.kind);
  const { from, ...order } = taken;
  await tx.orderEvent.create({
    data: { orderId, fromStatus: from, toStatus: to, actorId: by.userId, reason, at: order.updatedAt },
    select: { id: true },
  });
  if (to === 'CANCELLED' || to === 'REFUNDED') await giveUpPayment(tx, order);
  if (to === 'PAID' && by.kind === 'staff') await receiveByHand(tx, order);
  await by.audit.record(tx, {
    action: 'order.status.change',
    subjectType: 'Order',
    subjectId: orderId,
    details: { from, to },
  });
  await addJobs(tx, [...evictions.jobs(evictionOfOrder(order)), ...jobsAfter(order, from, by.kind)]);
  return order;
}

/** Changes the status, if the order has one of these now. Its time is later than that of the step before. */
async function takeStep(
  tx: Prisma.TransactionClient,
  orderId: string,
  to: OrderStatus,
  fromAny: readonly OrderStatus[],
): Promise<(Order & { from: OrderStatus }) | undefined> {
  if (fromAny.length === 0) return undefined;
  const [taken] = await tx.$queryRaw<(Order & { from: OrderStatus })[]>(sql`
    WITH before AS (SELECT id, status FROM orders WHERE id = ${orderId}::uuid FOR UPDATE)
    UPDATE orders o
    SET status = ${to}::"OrderStatus",
      updated_at = GREATEST(date_trunc('milliseconds', clock_timestamp()), o.updated_at + interval '1 millisecond')
    FROM before
    WHERE o.id = ${orderId}::uuid AND o.id = before.id
      AND before.status IN (${join(fromAny.map((status) => sql`${status}::"OrderStatus"`))})
    RETURNING ${ORDER_COLUMNS}, before.status AS "from"`);
  return taken;
}

/** No money is expected any more, and what has come is to go back. */
const giveUpPayment = (tx: Prisma.TransactionClient, { id, updatedAt }: Order) =>
  tx.$executeRaw(sql`
    UPDATE payments
    SET status = CASE WHEN status IN ('PENDING', 'PROCESSING') THEN 'CANCELLED' ELSE status END,
      refund_wanted_minor = captured_minor, updated_at = ${updatedAt.toISOString()}::timestamptz
    WHERE order_id = ${id}::uuid`);

/** The money came another way; what the provider may still take is to go back. */
const receiveByHand = (tx: Prisma.TransactionClient, { id, updatedAt }: Order) =>
  tx.$executeRaw(sql`
    UPDATE payments
    SET status = 'SUCCEEDED', received_by_hand = true, updated_at = ${updatedAt.toISOString()}::timestamptz
    WHERE order_id = ${id}::uuid`);

async function refusalOf(
  tx: Prisma.TransactionClient,
  orderId: string,
  to: OrderStatus,
  kind: ActorKind,
): Promise<Refusal> {
  const order = await tx.order.findUnique({ where: { id: orderId }, select: { status: true } });
  if (!order) return new Refusal(notFound(['id']));
  const { status: from } = order;
  return new Refusal(
    userError(
      'IllegalTransitionError',
      'ILLEGAL_TRANSITION',
      `An order that is ${from} cannot become ${to} this way.`,
      null,
      { from, to, allowed: [...nextStatusesFor(from, kind)] },
    ),
  );
}
