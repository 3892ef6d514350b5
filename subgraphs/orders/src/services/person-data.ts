import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Prisma, PrismaClient } from '@tributary/prisma/orders/client';
import { money, readAudit, toGlobalId } from '@tributary/subgraph-kit';
import { type PersonsOrder, readArchivedOrders } from './archived-orders.ts';

/** A part of what is held of a person. */
export interface PersonPage {
  /** Lists, by what they are lists of. */
  document: Record<string, unknown[]>;
  /** Where the next part starts; null after the last. */
  endCursor: string | null;
}

const PAGE_SIZE = 200; // orders

const WITH_PARTS = {
  lines: { orderBy: { position: 'asc' } },
  events: { orderBy: [{ at: 'asc' }, { id: 'asc' }] },
  payment: true,
} as const satisfies Prisma.OrderInclude;

/**
 * Reads what this service holds of a person, for the person to read: the first part has the cart and who looked at
 * their orders, and each part some of the orders.
 *
 * @param userId - uuid
 * @param after - `endCursor` of the part before
 */
export async function readPerson(
  prisma: PrismaClient,
  userId: string,
  after: string | null,
): Promise<PersonPage> {
  const present: PersonsOrder[] = await prisma.order.findMany({
    where: { userId, ...(after !== null && { id: { gt: after } }) },
    orderBy: { id: 'asc' },
    take: PAGE_SIZE,
    include: WITH_PARTS,
  });
  const orders = firstOf(present, await readArchivedOrders(prisma, userId, after, PAGE_SIZE));
  return {
    document: {
      ...(after === null && {
        carts: await carts(prisma, userId),
        auditEntries: await reads(prisma, userId),
      }),
      orders: orders.map((order) => orderOf(order, userId)),
    },
    endCursor: orders.length === PAGE_SIZE ? (orders.at(-1)?.id ?? null) : null,
  };
}

async function carts(prisma: PrismaClient, userId: string): Promise<unknown[]> {
  const found = await prisma.cart.findMany({
    where: { userId },
    include: { lines: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
  });
  return found.map(({ createdAt, updatedAt, lines }) => ({
    createdAt,
    updatedAt,
    lines: lines.map(({ variantId, quantity }) => ({
      variant: toGlobalId('ProductVariant', variantId),
      quantity,
    })),
  }));
}

async function reads(prisma: PrismaClient, userId: string): Promise<unknown[]> {
  const entries = await readAudit(prisma, sql`subject_type = 'User' AND subject_id = ${userId}::uuid`);
  return entries.map(({ at, action, actorRole, service }) => ({ at, action, by: service ?? actorRole }));
}

/** The first orders of both; one that was archived between the two statements is in both. */
function firstOf(present: readonly PersonsOrder[], archived: readonly PersonsOrder[]): PersonsOrder[] {
  const byId = new Map([...present, ...archived].map((order) => [order.id, order]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, PAGE_SIZE);
}

const orderOf = (order: PersonsOrder, userId: string) => ({
  number: order.number,
  status: order.status,
  placedAt: order.placedAt,
  updatedAt: order.updatedAt,
  total: money(order.totalMinor, order.currency),
  shippingAddress: {
    recipient: order.shipToRecipient,
    line1: order.shipToLine1,
    line2: order.shipToLine2,
    city: order.shipToCity,
    region: order.shipToRegion,
    postalCode: order.shipToPostalCode,
    countryCode: order.shipToCountryCode,
  },
  lines: order.lines.map(({ sku, title, quantity, unitPriceMinor }) => ({
    sku,
    title,
    quantity,
    unitPrice: money(unitPriceMinor, order.currency),
  })),
  history: order.events.map(({ fromStatus, toStatus, actorId, reason, at }) => ({
    from: fromStatus,
    to: toStatus,
    by: actorId === userId ? 'you' : actorId === null ? 'the shop’s system' : 'the shop’s staff',
    reason,
    at,
  })),
  payment: order.payment && {
    status: order.payment.status,
    captured: money(order.payment.capturedMinor, order.currency),
    refunded: money(order.payment.refundedMinor, order.currency),
  },
});
