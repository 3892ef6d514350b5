import type { Order, PrismaClient } from '@tributary/prisma/orders/client';
import type { TestViewer } from '@tributary/testing';

/** The n-th uuid of a kind; kinds are one hexadecimal digit. */
const uuid = (kind: string, n: number) => `${kind}0000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

export const userId = (n: number) => uuid('a', n);
export const orderId = (n: number) => uuid('b', n);
export const cartId = (n: number) => uuid('c', n);
export const cartLineId = (n: number) => uuid('d', n);
export const variantId = (n: number) => uuid('e', n);
export const addressId = (n: number) => uuid('f', n);

/** The number of the n-th order. */
export const orderNumber = (n: number) => `TR-2K7D-${n.toString().padStart(4, '0')}`;

/** A customer by number. */
export const customer = (n: number): TestViewer => ({ userId: userId(n), role: 'CUSTOMER' });

/** The n-th order: paid, 10.50 €, placed n minutes after the start of 2025. */
export const orderRow = (n: number, changes: Partial<Order> = {}): Order => ({
  id: orderId(n),
  number: orderNumber(n),
  userId: userId(1),
  status: 'PAID',
  currency: 'EUR',
  totalMinor: 1050n,
  shipToRecipient: 'Ada Lovelace',
  shipToLine1: '12 St James’s Square',
  shipToLine2: null,
  shipToCity: 'London',
  shipToRegion: null,
  shipToPostalCode: 'SW1Y 4JH',
  shipToCountryCode: 'GB',
  placedAt: new Date(Date.UTC(2025, 0, 1, 0, n)),
  updatedAt: new Date(Date.UTC(2025, 0, 1, 0, n)),
  ...changes,
});

/** Puts the first `count` orders in, one for each of as many users, with two lines and two events each. */
export async function insertOrders(prisma: PrismaClient, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  await prisma.order.createMany({ data: numbers.map((n) => orderRow(n, { userId: userId(n) })) });
  await prisma.orderLine.createMany({
    data: numbers.flatMap((n) =>
      [1, 0].map((position) => ({
        orderId: orderId(n),
        position,
        variantId: variantId(position),
        sku: `SKU-${position}`,
        title: `Thing ${position}`,
        quantity: position + 1,
        unitPriceMinor: 350n,
      })),
    ),
  });
  await prisma.orderEvent.createMany({
    data: numbers.flatMap((n) => [
      { orderId: orderId(n), toStatus: 'PENDING_PAYMENT' as const, actorId: userId(n), at: minute(0) },
      {
        orderId: orderId(n),
        fromStatus: 'PENDING_PAYMENT' as const,
        toStatus: 'PAID' as const,
        at: minute(1),
      },
    ]),
  });
}

/** Puts a cart with two lines in for each of the first `count` users. */
export async function insertCarts(prisma: PrismaClient, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  await prisma.cart.createMany({ data: numbers.map((n) => ({ id: cartId(n), userId: userId(n) })) });
  await prisma.cartLine.createMany({
    // The line that was put in last has the smaller id.
    data: numbers.flatMap((n) =>
      [1, 0].map((place) => ({
        id: cartLineId(2 * n + 1 - place),
        cartId: cartId(n),
        variantId: variantId(place),
        quantity: place + 1,
        createdAt: minute(place),
      })),
    ),
  });
}

const minute = (n: number) => new Date(Date.UTC(2025, 0, 1, 12, n));
