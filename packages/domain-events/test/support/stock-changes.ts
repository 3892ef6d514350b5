import { randomUUID } from 'node:crypto';
import { withClient } from '@tributary/database';
import type { Client } from 'pg';

/** Puts a product in, with variants that were never counted. @returns their uuids, in order */
export const insertVariants = (url: string, count: number): Promise<string[]> =>
  withClient(url, async (client) => {
    const productId = randomUUID();
    await client.query(
      `INSERT INTO products (id, slug, title, status, currency, updated_at) VALUES ($1::uuid, $1::text, 'Lamp', 'ACTIVE', 'EUR', now())`,
      [productId],
    );
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO product_variants (id, product_id, sku, title, price_minor, position, updated_at)
       SELECT gen_random_uuid(), $1::uuid, $1::text || n, 'Standard', 100, n, now() FROM generate_series(1, $2::integer) n RETURNING id`,
      [productId, count],
    );
    const ids = rows.map(({ id }) => id).sort();
    await client.query('INSERT INTO inventory (variant_id) SELECT unnest($1::uuid[])', [ids]);
    // A worker makes the task known at its start; without one, the first transactions with a job wait for each other.
    await client.query("SELECT graphile_worker.add_job('event.publish', '{}')");
    return ids;
  });

/** Counts one piece more of each of some variants. */
export async function countIn(client: Client, variantIds: readonly string[]): Promise<void> {
  for (const id of [...variantIds].sort())
    await client.query('UPDATE inventory SET on_hand = on_hand + 1 WHERE variant_id = $1', [id]);
}

/**
 * Changes the stock by transactions of several clients at once, each of one variant or two; every seventh is rolled back.
 *
 * @param count - of transactions, for each client
 */
export async function changeStock(
  url: string,
  variantIds: readonly string[],
  clients: number,
  count: number,
): Promise<void> {
  const work = (number: number) =>
    withClient(url, async (client) => {
      for (let n = number; n < count + number; n++) {
        const some = [0, n % 3].map(
          (step) => variantIds[(n * clients + number + step) % variantIds.length] ?? '',
        );
        await client.query('BEGIN');
        await countIn(client, [...new Set(some)]);
        await client.query(n % 7 === 0 ? 'ROLLBACK' : 'COMMIT');
      }
    });
  await Promise.all(Array.from({ length: clients }, (_, number) => work(number)));
}

/** Pieces of each variant, as the database has them. */
export const stockOf = (url: string): Promise<Record<string, number>> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ id: string; pieces: number }>(
      'SELECT variant_id AS id, on_hand AS pieces FROM inventory',
    );
    return Object.fromEntries(rows.map(({ id, pieces }) => [id, pieces]));
  });

/** How many events wait. */
export const waiting = (url: string): Promise<number> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ n: number }>('SELECT count(*)::integer AS n FROM domain_events');
    return rows[0]?.n ?? 0;
  });

/** Whether events are written down. */
export const isOn = (url: string): Promise<boolean> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ on: boolean }>('SELECT is_on AS on FROM domain_event_switch');
    return rows[0]?.on === true;
  });
