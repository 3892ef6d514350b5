import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningProducts, runProducts } from './support/running-products.ts';
import { newOrder, openWarehouse, type Warehouse } from './support/warehouse.ts';

let running: RunningProducts;
let warehouse: Warehouse;
beforeAll(async () => {
  running = await runProducts();
  warehouse = openWarehouse(running);
});
afterAll(() => running?.close());

describe('the database refuses by itself', () => {
  it.each([
    ['pieces that are not there', 'UPDATE inventory SET reserved = on_hand + 1'],
    ['less than nothing', 'UPDATE inventory SET reserved = -1'],
    ['a line without pieces', 'UPDATE reservation_lines SET quantity = 0'],
    ['a hold without an end', "UPDATE reservations SET status = 'HELD', expires_at = NULL"],
    ['an end of what is sold', "UPDATE reservations SET status = 'CONFIRMED', expires_at = now()"],
    ['lines without their reservation', 'DELETE FROM reservations'],
    [
      'a count of nothing',
      `INSERT INTO inventory_adjustments (variant_id, delta, reason, actor_id, idempotency_key, request_hash, on_hand_after)
        VALUES (gen_random_uuid(), 0, 'x', gen_random_uuid(), 'x', '', 0)`,
    ],
  ])('%s', async (_case, statement) => {
    await warehouse.reserve(newOrder(), [{ variantId: await warehouse.stock(5), quantity: 1 }]);
    await expect(running.prisma.$executeRawUnsafe(statement)).rejects.toThrow(/constraint/);
  });
});
