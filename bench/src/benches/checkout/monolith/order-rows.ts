import { createHash } from 'node:crypto';
import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Prisma } from '@tributary/prisma/orders/client';
import { notFound, Refusal, toGlobalId, uuidV7 } from '@tributary/subgraph-kit';
import type { Line } from './cart-rows.ts';
import type { OrderPlaceRequest, PlacedOrder, Total } from './order.ts';

/** @returns whether nobody used the request's key before */
export async function takeKey(
  tx: Prisma.TransactionClient,
  userId: string,
  request: OrderPlaceRequest,
  orderId: string,
): Promise<boolean> {
  const hash = createHash('sha256').update(JSON.stringify(request)).digest();
  const taken = await tx.$executeRaw(sql`
    INSERT INTO placements (user_id, idempotency_key, request_hash, order_id, status)
    VALUES (${userId}::uuid, ${request.idempotencyKey}, ${hash}::bytea, ${orderId}::uuid, 'PLACED')
    ON CONFLICT DO NOTHING`);
  return taken === 1;
}

/** The order that was placed under a key. @throws Refusal when there is none */
export async function orderOf(
  tx: Prisma.TransactionClient,
  userId: string,
  idempotencyKey: string,
): Promise<PlacedOrder> {
  type Row = { id: string; number: string; status: string; minorUnits: bigint; currency: string };
  const [order] = await tx.$queryRaw<Row[]>(sql`
    SELECT o.id, o.number, o.status::text, o.total_minor AS "minorUnits", o.currency::text
    FROM placements p JOIN orders o ON o.id = p.order_id
    WHERE p.user_id = ${userId}::uuid AND p.idempotency_key = ${idempotencyKey}`);
  if (!order) throw new Refusal(notFound(['idempotencyKey']));
  const { id, number, status, minorUnits, currency } = order;
  return { id: toGlobalId('Order', id), number, status, total: { minorUnits: Number(minorUnits), currency } };
}

interface NewOrder {
  orderId: string;
  number: string;
  userId: string;
  addressId: string | null;
  total: Total;
}

/** @throws Refusal when the address is none of the user's */
export async function writeOrder(
  tx: Prisma.TransactionClient,
  { orderId, number, userId, addressId, total }: NewOrder,
): Promise<void> {
  const written = await tx.$executeRaw(sql`
    INSERT INTO orders (
      id, number, user_id, status, currency, total_minor, ship_to_recipient, ship_to_line1, ship_to_line2,
      ship_to_city, ship_to_region, ship_to_postal_code, ship_to_country_code, placed_at, updated_at
    )
    SELECT ${orderId}::uuid, ${number}, user_id, 'PENDING_PAYMENT', ${total.currency}::"CurrencyCode",
      ${total.minorUnits}::bigint, recipient, line1, line2, city, region, postal_code, country_code, now(), now()
    FROM addresses WHERE id = ${addressId}::uuid AND user_id = ${userId}::uuid`);
  if (written === 0) throw new Refusal(notFound(['shippingAddressId']));
}

/** Writes what the order holds, at the price of the moment. */
export const writeLines = (tx: Prisma.TransactionClient, orderId: string, lines: readonly Line[]) =>
  tx.$executeRaw(sql`
    INSERT INTO order_lines (id, order_id, position, variant_id, sku, title, quantity, unit_price_minor)
    SELECT line.id, ${orderId}::uuid, line.n - 1, line.variant_id, line.sku, line.title, line.quantity, line.price
    FROM unnest(
      ${lines.map(uuidV7)}::uuid[], ${lines.map(({ variantId }) => variantId)}::uuid[],
      ${lines.map(({ sku }) => sku)}::text[], ${lines.map(({ title }) => title)}::text[],
      ${lines.map(({ quantity }) => quantity)}::integer[], ${lines.map(({ priceMinor }) => priceMinor)}::bigint[]
    ) WITH ORDINALITY AS line(id, variant_id, sku, title, quantity, price, n)`);

/** Writes the first step of the order's history, and its payment. */
export const writeStart = (
  tx: Prisma.TransactionClient,
  orderId: string,
  userId: string,
  { minorUnits, currency }: Total,
) =>
  tx.$executeRaw(sql`
    WITH event AS (
      INSERT INTO order_events (id, order_id, to_status, actor_id, at)
      VALUES (${uuidV7()}::uuid, ${orderId}::uuid, 'PENDING_PAYMENT', ${userId}::uuid, now())
    )
    INSERT INTO payments (order_id, currency, amount_minor, created_at, updated_at)
    VALUES (${orderId}::uuid, ${currency}::"CurrencyCode", ${minorUnits}::bigint, now(), now())`);
