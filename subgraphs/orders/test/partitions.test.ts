import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@tributary/platform';
import { keepPartitions } from '@tributary/subgraph-kit';
import { TEST_SECRET } from '@tributary/testing';
import { readSettings } from '../src/config.ts';
import { partitionsOf } from '../src/partitions.ts';
import { startOrders } from '../src/start.ts';
import { orderRow, userId } from './support/fixtures.ts';
import { idAt, middleOf, writeOrderAt } from './support/monthly.ts';
import { openShop, type Shop } from './support/shop.ts';

const TABLES = ['audit_log', 'order_events', 'order_lines', 'orders', 'payments'];
const logger = createLogger({ name: 'partitions', LOG_LEVEL: 'silent', NODE_ENV: 'test' });

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const rowsOf = <Row = Record<string, unknown>>(sql: string): Promise<Row[]> =>
  shop.prisma.$queryRawUnsafe<Row[]>(sql);
const suffix = (months: number) => middleOf(months).toISOString().slice(0, 7).replace('-', '_');
const keep = (now: Date) => keepPartitions({ url: shop.databaseUrl, groups: partitionsOf({}), logger, now });

async function monthsOf(table: string): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = '${table}'::regclass ORDER BY 1`,
  );
  return rows.map(({ name }) => name).filter((name) => /_\d{4}_\d\d$/.test(name));
}

/** Where the rows of an order are. */
async function homesOf(id: string): Promise<string[]> {
  const ofChild = (table: string) => `SELECT tableoid FROM ${table} WHERE order_id = '${id}'`;
  const rows = await rowsOf<{ home: string }>(
    `SELECT DISTINCT tableoid::regclass::text AS home FROM (SELECT tableoid FROM orders WHERE id = '${id}'
     UNION ALL ${ofChild('order_lines')} UNION ALL ${ofChild('order_events')} UNION ALL ${ofChild('payments')}) t ORDER BY 1`,
  );
  return rows.map(({ home }) => home);
}
const homesIn = (part: string) =>
  ['order_events', 'order_lines', 'orders', 'payments'].map((table) => `${table}_${part}`);

describe('partitions of the months ahead', () => {
  it('are made once, however many processes make them', async () => {
    expect(await monthsOf('orders')).toEqual([0, 1, 2, 3].map((month) => `orders_${suffix(month)}`));
    await Promise.all([1, 2, 3, 4].map(() => keep(middleOf(2))));
    for (const table of TABLES)
      expect(await monthsOf(table)).toEqual([0, 1, 2, 3, 4, 5].map((month) => `${table}_${suffix(month)}`));
    await keep(middleOf(0));
    expect(await monthsOf('orders')).toHaveLength(6);
  });

  it('have the indexes, constraints and triggers of those that the migration made', async () => {
    const shapeOf = (table: string, month: string) =>
      rowsOf(`
        SELECT replace(pg_get_indexdef(indexrelid), '${month}', '') AS shape FROM pg_index WHERE indrelid = '${table}${month}'::regclass
        UNION ALL SELECT replace(pg_get_constraintdef(oid), '${month}', '') FROM pg_constraint WHERE conrelid = '${table}${month}'::regclass
        UNION ALL SELECT concat(tgname, tgenabled) FROM pg_trigger
          WHERE tgrelid = '${table}${month}'::regclass AND NOT tgisinternal
        ORDER BY 1`);
    for (const table of TABLES)
      expect(await shapeOf(table, `_${suffix(5)}`)).toEqual(await shapeOf(table, `_${suffix(0)}`));
  });

  it('take an order with what belongs to it', async () => {
    const id = await writeOrderAt(shop.prisma, middleOf(5), userId(1));
    expect(await homesOf(id)).toEqual(homesIn(suffix(5)));
    expect(await homesOf(await writeOrderAt(shop.prisma, new Date('2025-01-05'), userId(1)))).toEqual(
      homesIn('past'),
    );
  });

  it('refuse changes of the audit log by whatever name', async () => {
    for (const part of [suffix(0), suffix(5), 'past', 'default'])
      for (const change of ['DELETE FROM', 'TRUNCATE'])
        await expect(rowsOf(`${change} audit_log_${part}`)).rejects.toThrow('audit_log is append-only');
  });

  it('get rows that came before them, as they were', async () => {
    const time = middleOf(6);
    const id = await writeOrderAt(shop.prisma, time, userId(2));
    const odd = orderRow(1, { id: 'f0000000-0000-4000-8000-000000000001' });
    await shop.prisma.order.create({ data: odd });
    const audit = `INSERT INTO audit_log (at, action, subject_type, subject_id, request_id)
      VALUES ('${time.toISOString()}', 'a', 'Order', '${id}', 'r') RETURNING id`;
    await rowsOf(audit);
    expect(await homesOf(id)).toEqual(homesIn('default'));
    const read = () =>
      shop.prisma.order.findUnique({ where: { id }, include: { lines: true, events: true, payment: true } });
    const before = await read();
    await Promise.all([keep(middleOf(3)), keep(middleOf(3))]);
    expect(await homesOf(id)).toEqual(homesIn(suffix(6)));
    expect(await read()).toEqual(before);
    expect(
      await rowsOf(`SELECT tableoid::regclass::text AS home FROM audit_log WHERE subject_id = '${id}'`),
    ).toEqual([{ home: `audit_log_${suffix(6)}` }]);
    expect(await homesOf(odd.id)).toEqual(['orders_default']);
    expect(
      await rowsOf(`SELECT order_id::text FROM provider_payments WHERE provider_id = 'pay_${id}'`),
    ).toHaveLength(1);
    await expect(rowsOf('DELETE FROM audit_log_default')).rejects.toThrow('audit_log is append-only');
  });
});

describe('over all months', () => {
  it('a number is of one order, and a provider’s id of one payment', async () => {
    const [first, second] = [
      await writeOrderAt(shop.prisma, middleOf(0), userId(1)),
      await writeOrderAt(shop.prisma, middleOf(1), userId(1)),
    ];
    const { number } = await shop.prisma.order.findUniqueOrThrow({ where: { id: first } });
    const id = idAt(middleOf(1));
    const again = orderRow(0, { id, number, placedAt: middleOf(1) });
    await expect(shop.prisma.order.create({ data: again })).rejects.toThrow('Unique constraint');
    await expect(shop.prisma.order.update({ where: { id: second }, data: { number } })).rejects.toThrow(
      'an order keeps its number',
    );
    const payment = { where: { orderId: second }, data: { providerId: `pay_${first}` } };
    await expect(shop.prisma.payment.update(payment)).rejects.toThrow('Unique constraint');
  });

  it('a number is free again when its order is deleted, and so is a provider’s id', async () => {
    const id = await writeOrderAt(shop.prisma, middleOf(1), userId(1));
    const { number } = await shop.prisma.order.delete({ where: { id } });
    expect(await rowsOf(`SELECT FROM order_numbers WHERE number = '${number}'`)).toEqual([]);
    expect(await rowsOf(`SELECT FROM provider_payments WHERE provider_id = 'pay_${id}'`)).toEqual([]);
  });

  it.each([
    ['later', 3],
    ['earlier', -3],
  ])('an id tells when its order was placed: not three days %s', async (_name, days) => {
    const placedAt = new Date(middleOf(1).getTime() + days * 86_400_000);
    const data = orderRow(0, { id: idAt(middleOf(1)), number: `TR-${days}`, placedAt });
    await expect(shop.prisma.order.create({ data })).rejects.toThrow('orders_id_tells_time');
  });
});

describe('a process that does jobs', () => {
  it('makes what is missing when it starts, and shows how many months are ready, and whether the log is received for the backup', async () => {
    const month = suffix(6);
    for (const table of ['payments', 'order_events', 'order_lines'])
      await shop.prisma.$executeRawUnsafe(`DROP TABLE ${table}_${month}`);
    await shop.prisma.$executeRawUnsafe(`ALTER TABLE orders DETACH PARTITION orders_${month}`);
    await shop.prisma.$executeRawUnsafe(`DROP TABLE orders_${month}`);
    for (const n of [1, 2, 3, 4, 5, 6])
      await shop.prisma.$executeRawUnsafe(`DROP TABLE audit_log_${suffix(n)}`);
    const subgraph = await startOrders(
      readSettings({
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        PORT: '0',
        ADMIN_PORT: '0',
        INTERNAL_SECRET: TEST_SECRET,
        ORDERS_DATABASE_URL: shop.databaseUrl,
        JOB_CONCURRENCY: '1',
      }),
    );
    try {
      while ((await monthsOf('audit_log')).length < 4) await pause(50);
      const figures = async () => (await fetch(new URL('/metrics', subgraph.adminUrl))).text();
      const text = await figures();
      expect(text).toContain('db_partitions_ahead{table="orders",service="orders"} 5');
      expect(text).toContain('db_partitions_ahead{table="payments",service="orders"} 5');
      expect(text).toContain('db_partitions_ahead{table="audit_log",service="orders"} 3');
      expect(text).not.toMatch(/^db_backup_log/m); // there is no backup
      await rowsOf(
        "SELECT slot_name::text FROM pg_create_physical_replication_slot('tributary_backup', true)",
      );
      while (!(await figures()).includes('db_backup_log_received{service="orders"} 0')) await pause(50);
      expect(await figures()).toMatch(/^db_backup_log_kept_bytes\{service="orders"\} \d+$/m);
    } finally {
      await subgraph.close();
      await rowsOf(
        "SELECT pg_drop_replication_slot(slot_name)::text FROM pg_replication_slots WHERE slot_name = 'tributary_backup'",
      );
    }
  });
});

it('months that have gone by without partitions get them', async () => {
  await keep(middleOf(9));
  const months = Array.from({ length: 13 }, (_, n) => `orders_${suffix(n)}`);
  expect(await monthsOf('orders')).toEqual(months);
});
