import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Order, OrderEvent } from '@tributary/prisma/orders/client';
import { type KeysetOrder, timestampKey, uuidKey } from '@tributary/subgraph-kit';

/** An order's columns under the names that Prisma gives them; the table is `o`. */
export const ORDER_COLUMNS = sql`
  o.id, o.number, o.user_id AS "userId", o.status, o.currency, o.total_minor AS "totalMinor",
  o.ship_to_recipient AS "shipToRecipient", o.ship_to_line1 AS "shipToLine1", o.ship_to_line2 AS "shipToLine2",
  o.ship_to_city AS "shipToCity", o.ship_to_region AS "shipToRegion",
  o.ship_to_postal_code AS "shipToPostalCode", o.ship_to_country_code AS "shipToCountryCode",
  o.placed_at AS "placedAt", o.updated_at AS "updatedAt"`;

/** An event's columns under the names that Prisma gives them; the table is `e`. */
export const EVENT_COLUMNS = sql`
  e.id, e.order_id AS "orderId", e.from_status AS "fromStatus", e.to_status AS "toStatus",
  e.actor_id AS "actorId", e.reason, e.at`;

const orderId = uuidKey<Order>(sql`o.id`, (order) => order.id);
const ORDER_KEYS = {
  PLACED_AT: timestampKey<Order>(sql`o.placed_at`, (order) => order.placedAt),
  TOTAL: { expression: sql`o.total_minor`, type: 'bigint', value: (order: Order) => order.totalMinor },
} as const;

/** How orders are sorted. */
export interface OrderSort {
  field: keyof typeof ORDER_KEYS;
  direction: 'ASC' | 'DESC';
}

/** The newest first, when a client does not say. */
export const DEFAULT_ORDER_SORT: OrderSort = { field: 'PLACED_AT', direction: 'DESC' };

/** An order of orders; the id decides between equals. */
export const orderOrder = ({ field, direction }: OrderSort): KeysetOrder<Order> => ({
  name: `orders ${field} ${direction}`,
  direction,
  keys: [ORDER_KEYS[field], orderId],
});

/** Events as they happened. */
export const EVENT_ORDER: KeysetOrder<OrderEvent> = {
  name: 'order events',
  direction: 'ASC',
  keys: [timestampKey(sql`e.at`, (event) => event.at), uuidKey(sql`e.id`, (event) => event.id)],
};
