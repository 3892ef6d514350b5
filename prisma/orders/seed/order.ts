import { orderEventId, orderId, orderLineId } from '../../seed/ids.ts';
import { Random } from '../../seed/random.ts';
import type { AddressRow, UserRow } from '../../users/seed/tables.ts';
import { historyOf, type Outcome, outcomeOf, type Step } from './history.ts';
import { orderNumber } from './order-number.ts';
import { paymentOf } from './payment.ts';
import { customerAt, type Offer, offersAt, type Shop } from './shop.ts';
import type { OrderEventRow, OrderLineRow, OrderRow, PaymentRow } from './tables.ts';
import type { Timeline } from './timeline.ts';

/** An order with all that belongs to it. */
export interface OrderRecord {
  order: OrderRow;
  lines: OrderLineRow[];
  events: OrderEventRow[];
  payment: PaymentRow;
}

/**
 * Makes the n-th order of a timeline; order 0 is the oldest.
 * @throws RangeError when the timeline has no such order
 */
export function orderOf(n: number, timeline: Timeline, shop: Shop): OrderRecord {
  const placedAt = timeline.placedAt[n];
  if (!placedAt) throw new RangeError(`there is no order ${n}`);
  const random = new Random('order', n);
  const isDemoCustomers = timeline.demoCustomers.has(n);
  const { user, addresses } = isDemoCustomers ? shop.demoCustomer : customerAt(shop, placedAt, random);
  const offers = offersAt(shop, placedAt, lineCount(random), random);
  const lines = offers.map((offer, position) => lineOf(n, position, offer, random));
  const steps = historyOf(placedAt, plannedOutcome(n, timeline), random);
  const events = eventsOf(n, steps, user, random.pick(shop.staff).user);
  const last = steps.at(-1) ?? steps[0];
  const order = {
    id: orderId(n),
    number: orderNumber(n),
    userId: user.id,
    status: last.to,
    currency: 'USD',
    totalMinor: lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0),
    ...shipTo(addresses[0]),
    placedAt,
    updatedAt: last.at,
  };
  return { order, lines, events, payment: paymentOf(order, events) };
}

/** The very newest waits for its payment; the demo customer's that are under way go well. */
function plannedOutcome(n: number, { placedAt, underWay }: Timeline): Outcome {
  if (n === placedAt.length - 1) return 'never paid';
  return underWay.has(n) ? 'delivered' : outcomeOf(n);
}

/** Two in five orders have one line; six lines are the most. */
function lineCount(random: Random): number {
  return random.chance(0.4) ? 1 : random.int(2, random.chance(0.7) ? 3 : 6);
}

function lineOf(n: number, position: number, { product, variant }: Offer, random: Random): OrderLineRow {
  return {
    id: orderLineId(n, position),
    orderId: orderId(n),
    position,
    variantId: variant.id,
    sku: variant.sku,
    title: variant.title === 'Standard' ? product.title : `${product.title}, ${variant.title}`,
    quantity: random.chance(0.75) ? 1 : random.int(2, 4),
    unitPriceMinor: variant.priceMinor,
  };
}

function eventsOf(n: number, steps: readonly Step[], customer: UserRow, staff: UserRow): OrderEventRow[] {
  const actors = { customer: customer.id, staff: staff.id };
  return steps.map(({ from, to, by, reason, at }, position) => ({
    id: orderEventId(n, position),
    orderId: orderId(n),
    fromStatus: from,
    toStatus: to,
    actorId: by && actors[by],
    reason,
    at,
  }));
}

/** The address as it is on the order, whatever becomes of the customer's. */
function shipTo(address: AddressRow) {
  return {
    shipToRecipient: address.recipient,
    shipToLine1: address.line1,
    shipToLine2: address.line2,
    shipToCity: address.city,
    shipToRegion: address.region,
    shipToPostalCode: address.postalCode,
    shipToCountryCode: address.countryCode,
  };
}
