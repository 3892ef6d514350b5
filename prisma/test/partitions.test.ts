import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { migrate, withClient, withDatabase } from '@tributary/database';
import { change, rowsOf, SERVER } from './databases.ts';

const SCHEMA_DIR = fileURLToPath(new URL('../orders', import.meta.url));
const NAME = `test_partitions_${process.pid}`;
const url = withDatabase(SERVER, NAME);
const TABLES = ['orders', 'order_lines', 'order_events', 'payments', 'audit_log'];

/** Of two years ago, of this month, and one that tells no time. */
const OLD = '01919191-0000-7000-8000-000000000001';
const PRESENT = `${timeOf(new Date())}-7000-8000-000000000002`;
const ODD = 'f47ac10b-58cc-4372-a567-0e02b2c3d479';

function timeOf(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

const orderOf = (id: string, n: number) => `
  INSERT INTO orders (id, number, user_id, status, currency, total_minor, ship_to_recipient, ship_to_line1, ship_to_city,
    ship_to_postal_code, ship_to_country_code, updated_at)
  VALUES ('${id}', 'TR-${n}', '${OLD}', 'PAID', 'EUR', 700, 'Ada', 'Here 1', 'There', '1', 'GB', now());
  INSERT INTO order_lines VALUES
    (gen_random_uuid(), '${id}', 0, '${OLD}', 'A', 'a', 1, 350), (gen_random_uuid(), '${id}', 1, '${OLD}', 'B', 'b', 1, 350);
  INSERT INTO order_events (id, order_id, from_status, to_status) VALUES
    (gen_random_uuid(), '${id}', NULL, 'PENDING_PAYMENT'), (gen_random_uuid(), '${id}', 'PENDING_PAYMENT', 'PAID');
  INSERT INTO payments (order_id, currency, amount_minor, provider_id, updated_at)
  VALUES ('${id}', 'EUR', 700, 'pay_${n}', now());
  INSERT INTO audit_log (at, action, subject_type, subject_id, request_id)
  VALUES (now() - interval '${n} months', 'order.place', 'Order', '${id}', '');`;

const contents = () =>
  rowsOf(
    url,
    `SELECT ${TABLES.map((table) => `(SELECT jsonb_agg(t ORDER BY t::text) FROM ${table} t) AS ${table}`).join(', ')}`,
  );

let before: Record<string, unknown>[];
beforeAll(async () => {
  // The database as it was before there were partitions.
  const folder = await mkdtemp(join(tmpdir(), 'tributary-partitions-'));
  try {
    await cp(SCHEMA_DIR, folder, { recursive: true, filter: (path) => !path.includes('generated') });
    for (const name of await readdir(join(folder, 'migrations')))
      if (name >= '20261121224000' && name !== 'migration_lock.toml')
        await rm(join(folder, 'migrations', name), { recursive: true });
    await migrate({ url, schemaDir: folder });
  } finally {
    await rm(folder, { recursive: true });
  }
  await change(url, [OLD, PRESENT, ODD].map(orderOf).join('\n'));
  before = await contents();
  const { applied } = await migrate({ url, schemaDir: SCHEMA_DIR });
  expect(applied).toEqual(expect.arrayContaining([expect.stringContaining('orders_by_month')]));
});
afterAll(() => change(SERVER, `DROP DATABASE IF EXISTS ${NAME} WITH (FORCE)`));

it('leaves every row of tables that had rows as it was', async () => {
  expect(before[0]?.orders).toHaveLength(3);
  expect(await contents()).toEqual(before);
});

it('takes the tables as they were for the past, but for ids that tell no time', async () => {
  for (const [table, key] of [
    ['orders', 'id'],
    ['order_lines', 'order_id'],
    ['order_events', 'order_id'],
    ['payments', 'order_id'],
  ])
    expect(
      await rowsOf(
        url,
        `SELECT DISTINCT ${key} AS id, tableoid::regclass::text AS home FROM ${table} ORDER BY 1`,
      ),
    ).toEqual([
      { id: OLD, home: `${table}_past` },
      { id: PRESENT, home: `${table}_past` },
      { id: ODD, home: `${table}_default` },
    ]);
});

it('begins with the next month where this one has orders', async () => {
  const next = new Date();
  next.setUTCMonth(next.getUTCMonth() + 1, 1);
  const rows = await rowsOf(
    url,
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'orders'::regclass ORDER BY 1`,
  );
  expect(rows[0]).toEqual({ name: `orders_${next.toISOString().slice(0, 7).replace('-', '_')}` });
  expect(rows).toHaveLength(5);
});

it.each([
  [
    'a number that is taken',
    `INSERT INTO orders SELECT (jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid()))).*
    FROM orders o WHERE id = '${OLD}'`,
    'order_numbers_pkey',
  ],
  [
    'a provider’s id that is taken',
    `UPDATE payments SET provider_id = 'pay_0' WHERE order_id = '${PRESENT}'`,
    'provider_payments_pkey',
  ],
  [
    'a line of no order',
    `INSERT INTO order_lines VALUES (gen_random_uuid(), gen_random_uuid(), 0, '${OLD}', '', '', 1, 1)`,
    '_month_fkey',
  ],
  [
    'a line twice',
    `INSERT INTO order_lines VALUES (gen_random_uuid(), '${OLD}', 1, '${OLD}', '', '', 1, 1)`,
    'pkey',
  ],
  [
    'a step twice',
    `INSERT INTO order_events (id, order_id, from_status, to_status)
    VALUES (gen_random_uuid(), '${OLD}', 'PENDING_PAYMENT', 'CANCELLED')`,
    'from_status_key',
  ],
  [
    'no pieces',
    `UPDATE order_lines SET quantity = 0 WHERE order_id = '${OLD}'`,
    'order_lines_quantity_positive',
  ],
  [
    'a refund of more than came',
    `UPDATE payments SET refunded_minor = 1 WHERE order_id = '${ODD}'`,
    'payments_refunds_within_captured',
  ],
  ['a change of the audit log', 'UPDATE audit_log SET action = action', 'audit_log is append-only'],
])('refuses %s as before', async (_name, statement, message) => {
  await expect(change(url, statement)).rejects.toThrow(message);
});

it('deletes what belongs to an order with it', async () => {
  await withClient(url, async (client) => {
    await client.query('BEGIN');
    await client.query(`DELETE FROM orders WHERE id IN ('${OLD}', '${ODD}')`);
    for (const table of [
      'orders',
      'order_lines',
      'order_events',
      'payments',
      'order_numbers',
      'provider_payments',
    ]) {
      const { rows } = await client.query(
        `SELECT DISTINCT ${table === 'orders' ? 'id' : 'order_id'} AS id FROM ${table}`,
      );
      expect(rows).toEqual([{ id: PRESENT }]);
    }
  });
});
