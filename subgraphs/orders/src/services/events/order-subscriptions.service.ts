import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import { type ChangeFeed, createEventSource, type EventSource, type Watch } from '@tributary/subgraph-kit';
import { type OrderStep, recentStepsOfUser, stepsOfOrders } from './order-steps.ts';

/**
 * Steps of orders as they are taken. What was taken is read from the history; events of the bus only say when to look, so
 * that one that is lost, late, or told twice costs no step and doubles none.
 */
export interface OrderSubscriptions {
  /** The step that brought an order where it is, then each later one. Who may see it is decided by the caller. */
  ofOrder(orderId: string): EventSource<OrderStep>;
  /** Steps of a user's orders: those of the last minute, then each later one. */
  ofUser(userId: string): EventSource<OrderStep>;
}

export const createOrderSubscriptions = (prisma: PrismaClient, feed: ChangeFeed): OrderSubscriptions => ({
  ofOrder: (orderId) =>
    createEventSource(feed, [orderId], orderOf, (watch) => followOrder(prisma, watch, orderId)),
  ofUser: (userId) =>
    createEventSource(feed, [userId], orderOf, (watch) => followUser(prisma, watch, userId)),
});

const orderOf = ({ orderId }: OrderStep): string => orderId;

async function* followOrder(
  prisma: PrismaClient,
  watch: Watch,
  orderId: string,
): AsyncGenerator<OrderStep, void> {
  let steps = (await stepsOfOrders(prisma, [orderId])).slice(-1);
  let told = 0;
  for (;;) {
    for (const step of steps) {
      if (step.sequence <= told) continue;
      told = step.sequence;
      yield step;
    }
    if ((await watch.next()) === null) return;
    steps = await stepsOfOrders(prisma, [orderId]);
  }
}

/**
 * Longer than any transaction that takes a step, so that none is missed that was under way when the subscription began;
 * and long enough for a listener that was cut off to come back.
 */
const OVERLAP = sql`interval '1 minute'`;

async function* followUser(
  prisma: PrismaClient,
  watch: Watch,
  userId: string,
): AsyncGenerator<OrderStep, void> {
  const [clock] = await prisma.$queryRaw<{ since: Date }[]>(sql`SELECT now() - ${OVERLAP} AS since`);
  if (!clock) throw new Error('the database did not tell the time');
  const { since } = clock;
  /** The last step that was told of each order. */
  const told = new Map<string, number>();
  let steps = await recentStepsOfUser(prisma, userId, since);
  for (;;) {
    for (const step of steps) {
      if (step.at < since || step.sequence <= (told.get(step.orderId) ?? 0)) continue;
      told.set(step.orderId, step.sequence);
      yield step;
    }
    const changes = await watch.next();
    if (changes === null) return;
    steps = changes.missed
      ? await recentStepsOfUser(prisma, userId, since)
      : await stepsOfOrders(prisma, [...changes.subjects]);
  }
}
