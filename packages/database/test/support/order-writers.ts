import pg from 'pg';

/** Customers who order without end, until the database is gone. */
export interface OrderWriters {
  /** Ids of the orders that the database has acknowledged, each with all that belongs to it. */
  acknowledged: readonly string[];
  /** Waits for so many more. */
  further(count: number): Promise<void>;
  /** Waits until the database has failed all of them. */
  failed(): Promise<void>;
}

const NEW_ID = `SELECT (left(uuid_v7_floor(clock_timestamp())::text, 13) || substr(gen_random_uuid()::text, 14))::uuid AS id`;
const ORDER = [
  `INSERT INTO orders (id, number, user_id, status, currency, total_minor, ship_to_recipient, ship_to_line1, ship_to_city,
     ship_to_postal_code, ship_to_country_code, updated_at)
   VALUES ($1::uuid, 'TR-' || $1::uuid, gen_random_uuid(), 'PENDING_PAYMENT', 'EUR', 100, 'Ada', 'Street 1', 'Town', '1', 'FR', now())`,
  `INSERT INTO order_lines (id, order_id, position, variant_id, sku, title, quantity, unit_price_minor)
   SELECT gen_random_uuid(), $1, position, gen_random_uuid(), 'sku', 'title', 1, 50 FROM generate_series(0, 1) AS position`,
  `INSERT INTO order_events (id, order_id, to_status) VALUES (gen_random_uuid(), $1, 'PENDING_PAYMENT')`,
  `INSERT INTO payments (order_id, currency, amount_minor, updated_at) VALUES ($1, 'EUR', 100, now())`,
  `INSERT INTO audit_log (action, subject_type, subject_id, request_id) VALUES ('order.place', 'Order', $1, 'drill')`,
];

/** Orders that lack something that their transaction wrote. */
export const HALF_ORDERS = `
  SELECT id FROM orders o
  WHERE (SELECT count(*) FROM order_lines WHERE order_id = o.id) <> 2
    OR (SELECT count(*) FROM order_events WHERE order_id = o.id) <> 1
    OR (SELECT count(*) FROM payments WHERE order_id = o.id) <> 1
    OR (SELECT count(*) FROM audit_log WHERE subject_id = o.id) <> 1
    OR (SELECT count(*) FROM domain_events WHERE entity_id = o.id) <> 1
    OR NOT EXISTS (SELECT FROM order_numbers n WHERE n.order_id = o.id AND n.number = o.number)`;

/** Places an order by a transaction of several statements. @returns its id, once it is acknowledged */
export async function placeOrder(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>(NEW_ID);
  const id = rows[0]?.id ?? '';
  await client.query('BEGIN');
  for (const statement of ORDER) await client.query(statement, [id]);
  await client.query('COMMIT');
  return id;
}

/** Starts some customers. */
export function startOrderWriters(url: string, count: number): OrderWriters {
  const acknowledged: string[] = [];
  const waiting: { until: number; resolve: () => void }[] = [];
  const write = async () => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined); // the statement in flight fails as well
    await client.connect();
    for (;;) {
      acknowledged.push(await placeOrder(client));
      for (const { until, resolve } of waiting) if (acknowledged.length >= until) resolve();
    }
  };
  const ends = Promise.allSettled(Array.from({ length: count }, write));
  return {
    acknowledged,
    further: (more) => {
      const enough = new Promise<void>((resolve) => {
        waiting.push({ until: acknowledged.length + more, resolve });
      });
      return Promise.race([enough, ends.then((results) => Promise.reject(firstError(results)))]);
    },
    async failed() {
      await ends;
    },
  };
}

const firstError = (results: PromiseSettledResult<never>[]) =>
  results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))[0];
