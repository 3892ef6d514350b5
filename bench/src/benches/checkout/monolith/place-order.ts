import { randomBytes } from 'node:crypto';
import { addJobs } from '@tributary/jobs';
import type { Prisma, PrismaClient } from '@tributary/prisma/orders/client';
import { type AuditTrail, Refusal, toGlobalId, userError, uuidV7 } from '@tributary/subgraph-kit';
import { emptyCart, type Line, lockCart, lockStock, takeStock } from './cart-rows.ts';
import type { OrderPlaceRequest, PlacedOrder, Total } from './order.ts';
import { orderOf, takeKey, writeLines, writeOrder, writeStart } from './order-rows.ts';

/** On whose request an order is placed. */
export interface OrderPlaceSource {
  userId: string;
  audit: AuditTrail;
}

/** Milliseconds; as in the orders subgraph. */
const TRANSACTION = { maxWait: 10_000, timeout: 10_000 };

/**
 * Places an order the way one does where everything is in one database: locks, looks, and writes, in one transaction.
 * It writes the rows that the subgraphs write, except for a reservation, which nobody needs here.
 *
 * @throws Refusal with what the customer could act on
 */
export const placeOrder = (
  prisma: PrismaClient,
  source: OrderPlaceSource,
  request: OrderPlaceRequest,
): Promise<PlacedOrder> =>
  prisma.$transaction(async (tx) => {
    const { userId } = source;
    const { expectedTotal: total, addressId } = request;
    const orderId = uuidV7();
    if (!(await takeKey(tx, userId, request, orderId))) return orderOf(tx, userId, request.idempotencyKey);
    const cartId = await lockCart(tx, userId);
    const lines = await lockStock(tx, cartId);
    check(lines, total);
    await takeStock(tx, lines);
    const number = `TR-${randomBytes(5).toString('hex').toUpperCase()}`;
    await writeOrder(tx, { orderId, number, userId, addressId, total });
    await writeLines(tx, orderId, lines);
    await writeStart(tx, orderId, userId, total);
    await source.audit.record(tx, {
      action: 'order.place',
      subjectType: 'Order',
      subjectId: orderId,
      details: { number },
    });
    await addJobsOf(tx, orderId, userId);
    await emptyCart(tx, cartId);
    return { id: toGlobalId('Order', orderId), number, status: 'PENDING_PAYMENT', total };
  }, TRANSACTION);

/** @throws Refusal when the cart is empty, too little is in stock, or it costs something else than was expected */
function check(lines: readonly Line[], { minorUnits, currency }: Total): void {
  if (lines.length === 0) throw new Refusal(userError('CartEmptyError', 'CART_EMPTY', 'The cart is empty.'));
  if (lines.some(({ quantity, available }) => quantity > available))
    throw new Refusal(userError('InsufficientStockError', 'INSUFFICIENT_STOCK', 'Too little is in stock.'));
  const sum = lines.reduce((total, { priceMinor, quantity }) => total + Number(priceMinor) * quantity, 0);
  if (sum !== minorUnits || lines.some((line) => line.currency !== currency))
    throw new Refusal(userError('PriceChangedError', 'PRICE_CHANGED', 'The price has changed.'));
}

/** The jobs of the orders subgraph, but for the one that confirms a reservation. */
const addJobsOf = (tx: Prisma.TransactionClient, orderId: string, userId: string): Promise<void> =>
  addJobs(tx, [
    { task: 'payment.start', payload: { orderId } },
    {
      task: 'payment.check',
      payload: { orderId },
      key: `payment.check:${orderId}`,
      runAt: new Date(Date.now() + 60_000), // in a minute
    },
    { task: 'mail.confirmation', payload: { orderId } },
    {
      task: 'event.publish',
      payload: { orderId, userId, from: null, to: 'PENDING_PAYMENT', at: new Date().toISOString() },
    },
  ]);
