import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { assertAccounts } from '../src/benches/checkout/accounts.ts';
import { type Buyer, createBuyer, writeBuyers } from '../src/benches/checkout/buyers.ts';
import { type Offer, stockUp } from '../src/benches/checkout/catalogue.ts';
import type { CheckoutSide } from '../src/benches/checkout/side.ts';
import { openShop } from '../src/federation/shop.ts';
import { createScope } from '../src/harness/scope.ts';

const scope = createScope();
let side: CheckoutSide;
let offer: Offer;
let buyer: Buyer;

beforeAll(async () => {
  const { urls } = await openShop(scope, 0.001, () => undefined);
  side = { name: 'ours', url: '', adminUrls: [], databases: urls };
});
afterAll(() => scope.close());
beforeEach(async () => {
  const [first] = await stockUp(side.databases.products);
  if (!first) throw new Error('nothing is on sale');
  offer = first;
  buyer = createBuyer([{ ...offer, quantity: 2 }]);
  await writeBuyers(side.databases, [buyer]);
});

const products = (statement: string, values: unknown[]) =>
  withClient(side.databases.products, (client) => client.query(statement, values));
const take = (pieces: number) =>
  products('UPDATE inventory SET on_hand = on_hand - $1 WHERE variant_id = $2', [pieces, offer.variantId]);

/** Writes the buyer's order as a side should have. */
const order = () =>
  withClient(side.databases.orders, (client) =>
    client.query(
      `WITH o AS (
         INSERT INTO orders (id, number, user_id, status, currency, total_minor, ship_to_recipient, ship_to_line1,
           ship_to_city, ship_to_postal_code, ship_to_country_code, updated_at)
         SELECT uuidv7(), gen_random_uuid(), $1, 'PENDING_PAYMENT', 'USD', $2::bigint, '', '', '', '', 'US',
           now()
         RETURNING *
       ), line AS (
         INSERT INTO order_lines (id, order_id, position, variant_id, sku, title, quantity, unit_price_minor)
         SELECT gen_random_uuid(), id, 0, $3::uuid, '', '', 2, total_minor / 2 FROM o
       ), event AS (
         INSERT INTO order_events (id, order_id, to_status) SELECT gen_random_uuid(), id, status FROM o
       ), payment AS (
         INSERT INTO payments (order_id, currency, amount_minor, updated_at)
         SELECT id, currency, total_minor, now() FROM o
       )
       INSERT INTO audit_log (actor_id, action, subject_type, subject_id, request_id)
       SELECT user_id, 'order.place', 'Order', id, '' FROM o`,
      [buyer.userId, buyer.total, offer.variantId],
    ),
  );

it('accepts that nothing was ordered', async () => {
  await expect(assertAccounts(side, [buyer], [])).resolves.toBeUndefined();
});

it('accepts an order that is there, and whose pieces are gone', async () => {
  await order();
  await take(2);
  await expect(assertAccounts(side, [buyer], [buyer])).resolves.toBeUndefined();
});

it('refuses an answer without an order', async () => {
  await take(2);
  await expect(assertAccounts(side, [buyer], [buyer])).rejects.toThrow(
    /^ours, orders: 0 instead of 1; missing/,
  );
});

it('refuses an order without an answer', async () => {
  await order();
  await expect(assertAccounts(side, [buyer], [])).rejects.toThrow(/^ours, orders: 1 instead of 0/);
});

it('refuses an order that is there twice', async () => {
  await order();
  await order();
  await take(2);
  await expect(assertAccounts(side, [buyer], [buyer])).rejects.toThrow(/^ours, orders: 2 instead of 1/);
});

it('refuses stock that is not what was sold, and what is still held', async () => {
  await order();
  await take(1);
  await expect(assertAccounts(side, [buyer], [buyer])).rejects.toThrow(
    /^ours, stock: .* 2 gone, 0 held .* 1 gone/,
  );
  await take(1);
  await products('UPDATE inventory SET reserved = 2 WHERE variant_id = $1', [offer.variantId]);
  await expect(assertAccounts(side, [buyer], [buyer])).rejects.toThrow(/^ours, stock: .* 2 gone, 2 held/);
});
