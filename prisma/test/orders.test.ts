import { describe, expect, it } from '@jest/globals';
import { makeCarts } from '../orders/seed/cart.ts';
import { orderOf } from '../orders/seed/order.ts';
import { orderNumber } from '../orders/seed/order-number.ts';
import { openShop } from '../orders/seed/shop.ts';
import { makeTimeline } from '../orders/seed/timeline.ts';
import { makeCatalogue } from '../products/seed/catalogue.ts';
import { cartId, userId } from '../seed/ids.ts';
import { volumesOf } from '../seed/scale.ts';
import { FIRST_ORDER, TODAY } from '../seed/time.ts';
import { makePeople } from '../users/seed/people.ts';

/** The transitions of the domain; written here again so that a mistake in the seed's plans shows. */
const FOLLOWING: Record<string, string[]> = {
  start: ['PENDING_PAYMENT'],
  PENDING_PAYMENT: ['PAID', 'CANCELLED'],
  PAID: ['FULFILLED', 'CANCELLED', 'REFUNDED'],
  FULFILLED: ['DELIVERED', 'REFUNDED'],
  DELIVERED: ['REFUNDED'],
  CANCELLED: [],
  REFUNDED: [],
};

function makeAll(scale: number) {
  const volumes = volumesOf(scale);
  const people = makePeople(volumes.users);
  const catalogue = makeCatalogue(volumes.products);
  const shop = openShop(people, catalogue);
  const timeline = makeTimeline(volumes.orders);
  const orders = timeline.placedAt.map((_, n) => orderOf(n, timeline, shop));
  return { people, catalogue, orders, carts: makeCarts(shop) };
}

describe.each([0.0001, 0.05])('the orders at scale %d', (scale) => {
  const { people, catalogue, orders, carts } = makeAll(scale);
  const users = new Map(people.map((person) => [person.user.id, person]));
  const items = new Map(
    catalogue.flatMap(({ product, variants }) =>
      variants.map(({ variant, stock }) => [variant.id, { product, variant, stock }]),
    ),
  );

  it('have histories that the state machine allows, one step after the other', () => {
    for (const { order, events } of orders) {
      let state = 'start';
      let time = order.placedAt;
      for (const [index, event] of events.entries()) {
        expect(event.fromStatus ?? 'start').toBe(state);
        expect(FOLLOWING[state]).toContain(event.toStatus);
        if (index > 0) expect(event.at > time).toBe(true);
        else expect(event.at).toEqual(order.placedAt);
        state = event.toStatus;
        time = event.at;
      }
      expect(order.status).toBe(state);
      expect(order.updatedAt).toEqual(time);
      expect(order.updatedAt <= TODAY).toBe(true);
    }
  });

  it('have payments that fit their histories', () => {
    for (const { order, events, payment } of orders) {
      const wasPaid = events.some(({ toStatus }) => toStatus === 'PAID');
      const isOver = order.status === 'CANCELLED' || order.status === 'REFUNDED';
      expect(payment).toMatchObject({
        orderId: order.id,
        status: wasPaid ? 'SUCCEEDED' : isOver ? 'CANCELLED' : 'PENDING',
        amountMinor: order.totalMinor,
        refundedMinor: wasPaid && isOver ? order.totalMinor : 0,
      });
      expect(payment.refundedMinor).toBeLessThanOrEqual(payment.capturedMinor);
    }
  });

  it('are moved on by their customer, by staff or by nobody', () => {
    for (const { order, events } of orders) {
      for (const { actorId } of events) {
        if (actorId === null || actorId === order.userId) continue;
        expect(users.get(actorId)?.user.role).toBe('STAFF');
      }
    }
  });

  it('are in every state, and so are the demo customer’s open ones', () => {
    const all = new Set(orders.map(({ order }) => order.status));
    expect([...all].sort()).toEqual(
      Object.keys(FOLLOWING)
        .filter((state) => state !== 'start')
        .sort(),
    );
    const demo = orders.filter(({ order }) => order.userId === userId(0));
    expect(demo.length).toBeGreaterThanOrEqual(25);
    expect(demo.map(({ order }) => order.status)).toEqual(
      expect.arrayContaining(['PENDING_PAYMENT', 'PAID', 'FULFILLED', 'DELIVERED']),
    );
  });

  it('cost what their lines cost, which are of variants that were sold then', () => {
    for (const { order, lines } of orders) {
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.map(({ position }) => position)).toEqual(lines.map((_, index) => index));
      expect(new Set(lines.map(({ variantId }) => variantId)).size).toBe(lines.length);
      expect(order.totalMinor).toBe(
        lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0),
      );
      for (const line of lines) {
        const item = items.get(line.variantId);
        expect(line).toMatchObject({ sku: item?.variant.sku, unitPriceMinor: item?.variant.priceMinor });
        expect(line.title.startsWith(item?.product.title ?? '?')).toBe(true);
        expect(item?.product.status).not.toBe('DRAFT');
        expect(item && item.product.createdAt <= order.placedAt).toBe(true);
      }
    }
  });

  it('go to an address that their customer had by then', () => {
    for (const { order } of orders) {
      const person = users.get(order.userId);
      expect(person?.user.role).toBe('CUSTOMER');
      const address = person?.addresses.find(({ line1 }) => line1 === order.shipToLine1);
      expect(address && address.createdAt <= order.placedAt).toBe(true);
      expect(order).toMatchObject({
        shipToRecipient: address?.recipient,
        shipToCity: address?.city,
        shipToRegion: address?.region,
        shipToPostalCode: address?.postalCode,
        shipToCountryCode: address?.countryCode,
      });
    }
  });

  it('are sorted by time and spread over two years', () => {
    const times = orders.map(({ order }) => order.placedAt.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(FIRST_ORDER.getTime());
    const firstYear = times.filter((time) => time < Date.parse('2025-11-01T12:00:00Z'));
    expect(firstYear.length / times.length).toBeGreaterThan(0.25);
  });

  it('have carts beside them that can be bought', () => {
    expect(carts.find(({ cart }) => cart.userId === userId(0))).toMatchObject({ cart: { id: cartId(0) } });
    expect(carts[0]?.lines).toHaveLength(3);
    for (const { cart, lines } of carts) {
      const user = users.get(cart.userId)?.user;
      expect(user && user.createdAt <= cart.createdAt && cart.updatedAt <= TODAY).toBe(true);
      expect(new Set(lines.map(({ variantId }) => variantId)).size).toBe(lines.length);
      for (const { variantId, quantity } of lines) {
        const item = items.get(variantId);
        expect(item?.product.status).toBe('ACTIVE');
        expect(quantity).toBeGreaterThan(0);
        expect(item && item.stock.onHand - item.stock.reserved).toBeGreaterThanOrEqual(quantity);
      }
    }
  });
});

describe('an order number', () => {
  it('is eight digits of Crockford’s base 32', () => {
    for (const n of [0, 1, 999_999]) expect(orderNumber(n)).toMatch(/^TR(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  });

  it('is given once', () => {
    const numbers = Array.from({ length: 100_000 }, (_, n) => orderNumber(n));
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
