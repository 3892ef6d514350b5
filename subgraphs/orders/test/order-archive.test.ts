import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createLogger } from '@tributary/platform';
import { keepPartitions, toGlobalId } from '@tributary/subgraph-kit';
import { graphql, serviceHeaders, someViewer } from '@tributary/testing';
import { readSettings } from '../src/config.ts';
import { partitionsOf } from '../src/partitions.ts';
import { orderRow, userId } from './support/fixtures.ts';
import { idAt, middleOf, writeOrderAt } from './support/monthly.ts';
import { openShop, type Shop } from './support/shop.ts';

const logger = createLogger({ name: 'archive', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
const OWNER = userId(1);

let shop: Shop;
/** Of the past, of this month, and of the next, in which somebody has not paid yet. */
let past: string;
let archived: string;
let unpaid: string;
/** Of the third month from now. */
let recent: string;

/** As the job does it, in five months: what is older than three months goes, which are this one, the next, and the past. */
const archive = (now = middleOf(5)) =>
  keepPartitions({
    url: shop.databaseUrl,
    groups: partitionsOf({ ORDERS_ARCHIVE_AFTER_MONTHS: 3, AUDIT_ARCHIVE_AFTER_MONTHS: 3 }),
    logger,
    now,
  });

const rowsOf = <Row = Record<string, unknown>>(sql: string): Promise<Row[]> =>
  shop.prisma.$queryRawUnsafe<Row[]>(sql);
const countsIn = (schema: string) =>
  rowsOf(
    `SELECT ${['orders', 'order_lines', 'order_events', 'payments', 'audit_log']
      .map((table) => `(SELECT count(*)::int FROM ${schema}.${table}) AS ${table}`)
      .join(', ')}`,
  );
const asUsers = async <Data>(query: string, variables: Record<string, unknown>) => {
  const headers = await serviceHeaders('users');
  const { data, errors } = await graphql<Data>(shop.subgraph.url, { query, variables, headers });
  expect(errors).toBeUndefined();
  return data;
};
const USER = toGlobalId('User', OWNER);
interface Person {
  personData: {
    document: { orders: Record<string, unknown>[]; auditEntries: unknown[] };
    endCursor: string | null;
  };
}
const personData = async () =>
  (
    await asUsers<Person>('query ($user: ID!) { personData(userId: $user) { document endCursor } }', {
      user: USER,
    })
  ).personData;

let documentBefore: Awaited<ReturnType<typeof personData>>;
beforeAll(async () => {
  shop = await openShop();
  past = await writeOrderAt(shop.prisma, new Date('2025-03-05'), OWNER);
  archived = await writeOrderAt(shop.prisma, middleOf(0), OWNER);
  unpaid = await writeOrderAt(shop.prisma, middleOf(1), OWNER, 'PAID');
  recent = await writeOrderAt(shop.prisma, middleOf(3), OWNER);
  await shop.prisma.$executeRawUnsafe(
    `INSERT INTO audit_log (at, action, subject_type, subject_id, request_id)
     VALUES ('2025-03-05', 'orders.read', 'User', '${OWNER}', 'r'), ('${middleOf(3).toISOString()}', 'orders.read', 'User', '${OWNER}', 'r')`,
  );
  documentBefore = await personData();
  expect(documentBefore.document.orders).toHaveLength(4);
  await Promise.all([archive(), archive()]);
});
afterAll(() => shop.close());

it('moves months that are old enough as a whole, but for those in use', async () => {
  const one = { orders: 1, order_lines: 2, order_events: 2, payments: 1 };
  expect(await countsIn('archive')).toEqual([
    { ...Object.fromEntries(Object.entries(one).map(([table, count]) => [table, 2 * count])), audit_log: 1 },
  ]);
  expect(
    await rowsOf(`SELECT id::text, tableoid::regclass::text AS home FROM archive.orders ORDER BY id`),
  ).toEqual([
    { id: past, home: 'archive.orders_past' },
    { id: archived, home: `archive.orders_${middleOf(0).toISOString().slice(0, 7).replace('-', '_')}` },
  ]);
  expect(await rowsOf('SELECT id::text FROM orders ORDER BY id')).toEqual([{ id: unpaid }, { id: recent }]);
});

it('refuses changes of archived entries of the audit log', async () => {
  await expect(rowsOf('DELETE FROM archive.audit_log_past')).rejects.toThrow('audit_log is append-only');
});

it('leaves the number taken', async () => {
  const [{ number } = { number: '' }] = await rowsOf<{ number: string }>(
    'SELECT number FROM archive.orders LIMIT 1',
  );
  const data = orderRow(0, { id: idAt(middleOf(3)), number, placedAt: middleOf(3) });
  await expect(shop.prisma.order.create({ data })).rejects.toThrow('Unique constraint');
});

it('is in what a person is told of what is held', async () => {
  expect(await personData()).toEqual(documentBefore);
});

it('is out of the graph’s sight', async () => {
  const number = (
    await rowsOf<{ number: string }>(`SELECT number FROM archive.orders WHERE id = '${archived}'`)
  )[0]?.number;
  const query = `query ($id: ID!, $number: String!) {
    byId: order(id: $id) { number } byNumber: orderByNumber(number: $number) { id } orders(first: 9) { totalCount }
  }`;
  const { data, errors } = await shop.ask(someViewer('STAFF'), query, {
    id: toGlobalId('Order', archived),
    number,
  });
  expect(errors).toBeUndefined();
  expect(data).toEqual({ byId: null, byNumber: null, orders: { totalCount: 2 } });
});

it('is erased with the person', async () => {
  const erase = 'mutation ($user: ID!) { personErase(userId: $user) { done } }';
  expect(await asUsers(erase, { user: USER })).toEqual({ personErase: { done: false } });
  const recipients = await rowsOf(
    'SELECT DISTINCT ship_to_recipient AS name, ship_to_city AS city FROM archive.orders',
  );
  expect(recipients).toEqual([{ name: '—', city: '—' }]);
  expect(await rowsOf('SELECT FROM archive.order_events WHERE reason IS NOT NULL')).toEqual([]);
});

it('moves a month when nothing in it is in use any more', async () => {
  await shop.prisma.order.update({ where: { id: unpaid }, data: { status: 'DELIVERED' } });
  await archive();
  expect(await rowsOf('SELECT id::text FROM orders')).toEqual([{ id: recent }]);
});

it('can be brought back, as a whole', async () => {
  const part = middleOf(1).toISOString().slice(0, 7).replace('-', '_');
  await shop.prisma.$transaction(async (tx) => {
    for (const table of ['orders', 'order_lines', 'order_events', 'payments']) {
      const [row] = await tx.$queryRawUnsafe<{ bound: string }[]>(
        `SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE oid = 'archive.${table}_${part}'::regclass`,
      );
      await tx.$executeRawUnsafe(`ALTER TABLE archive.${table} DETACH PARTITION archive.${table}_${part}`);
      await tx.$executeRawUnsafe(`ALTER TABLE archive.${table}_${part} SET SCHEMA public`);
      await tx.$executeRawUnsafe(`ALTER TABLE ${table} ATTACH PARTITION ${table}_${part} ${row?.bound}`);
    }
  });
  const include = { lines: true, events: true, payment: true };
  const order = await shop.prisma.order.findUnique({ where: { id: unpaid }, include });
  expect([order?.lines.length, order?.events.length, order?.payment?.providerId]).toEqual([
    2,
    2,
    `pay_${unpaid}`,
  ]);
  await shop.prisma.order.delete({ where: { id: unpaid } });
  expect(await rowsOf(`SELECT FROM order_lines WHERE order_id = '${unpaid}'`)).toEqual([]);
});

it('can be exported and dropped by month', async () => {
  await rowsOf(
    'DROP TABLE archive.orders_past, archive.order_lines_past, archive.order_events_past, archive.payments_past',
  );
  expect(await rowsOf(`SELECT FROM archive.orders WHERE id = '${past}'`)).toEqual([]);
});

it('needs at least three months', () => {
  expect(() =>
    readSettings({ ORDERS_DATABASE_URL: shop.databaseUrl, ORDERS_ARCHIVE_AFTER_MONTHS: '2' }),
  ).toThrow('ORDERS_ARCHIVE_AFTER_MONTHS: must be at least 3');
});
