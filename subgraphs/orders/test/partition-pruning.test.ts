import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createMetrics } from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/orders/client';
import { connectDatabase, createEvictions } from '@tributary/subgraph-kit';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import { createOrderLoaders } from '../src/loaders/order-loaders.ts';
import { DEFAULT_ORDER_SORT } from '../src/services/order.rows.ts';
import { createOrderService } from '../src/services/order.service.ts';
import { type OrderCriteria, orderCriteria } from '../src/services/order-criteria.ts';
import { transition } from '../src/services/order-transition.ts';
import { readPayment } from '../src/services/payments/payment.rows.ts';
import { takeHint } from '../src/services/payments/webhook-intake.ts';
import { systemActor } from '../src/services/system-actor.ts';
import { userId } from './support/fixtures.ts';
import { middleOf, writeOrderAt } from './support/monthly.ts';

const month = (n: number) => middleOf(n).toISOString().slice(0, 7).replace('-', '_');
const PAGE = { size: 10, direction: 'forward', cursor: null } as const;

/** A statement that the services sent. */
interface Sent {
  query: string;
  params: string;
}

let database: TestDatabase;
let prisma: PrismaClient;
let close: () => Promise<void>;
let sent: Sent[] = [];
/** Orders of this month and the next three. */
let ids: string[];
beforeAll(async () => {
  database = await createTestDatabase('orders');
  ({ prisma, close } = connectDatabase({
    url: database.url,
    poolSize: 1,
    metrics: createMetrics('pruning'),
    createClient: (options) => {
      const client = new PrismaClient(options);
      client.$on('query', (event) => sent.push(event));
      return client;
    },
  }));
  ids = [];
  for (const n of [0, 1, 2, 3]) ids.push(await writeOrderAt(prisma, middleOf(n), userId(1), 'PAID'));
});
afterAll(async () => {
  await close();
  await database.drop();
});

/** The partitions that are read or changed by what is sent meanwhile, as PostgreSQL runs it. */
async function partitionsIn(run: () => Promise<unknown>): Promise<string[]> {
  sent = [];
  await run();
  const touched = new Set<string>();
  const statements = sent.filter(({ query }) => /^\s*(SELECT|UPDATE|WITH)\b/.test(query));
  for (const { query, params } of statements) {
    const plan = await prisma
      .$transaction(async (tx) => {
        throw await tx.$queryRawUnsafe(`EXPLAIN (ANALYZE, COSTS OFF) ${query}`, ...JSON.parse(params));
      })
      .catch((thrown: unknown) => thrown as { 'QUERY PLAN': string }[]);
    for (const { 'QUERY PLAN': line } of plan) {
      const [, partition] = / on (\w+_(?:\d{4}_\d\d|past|default))\b/.exec(line) ?? [];
      if (partition && !line.includes('never executed')) touched.add(partition);
    }
  }
  return [...touched].sort();
}
const loaders = () => createOrderLoaders(prisma);
const inMonths = (table: string, ...months: number[]) => months.map((n) => `${table}_${month(n)}`);

it.each([
  ['an order', () => loaders().orderById.load(ids[1] ?? ''), () => inMonths('orders', 1)],
  [
    'an order by its number',
    async () => {
      const { number } = await prisma.order.findUniqueOrThrow({ where: { id: ids[1] ?? '' } });
      sent = [];
      await loaders().orderByNumber.load(number);
    },
    () => inMonths('orders', 1),
  ],
  [
    'its payment with it',
    () => readPayment(prisma, ids[2] ?? ''),
    () => [...inMonths('orders', 2), ...inMonths('payments', 2)],
  ],
])('%s is looked for in its month', async (_name, run, expected) => {
  expect(await partitionsIn(run)).toEqual(expected());
});

it.each([
  ['order_lines', (keys: string[]) => loaders().linesOfOrder.loadMany(keys)],
  [
    'order_events',
    (keys: string[]) => loaders().historyOfOrder.loadMany(keys.map((parentId) => ({ parentId, args: PAGE }))),
  ],
  ['payments', (keys: string[]) => loaders().paymentOfOrder.loadMany(keys)],
])('%s of two orders are looked for in their months', async (table, run) => {
  expect(await partitionsIn(() => run([ids[0] ?? '', ids[2] ?? '']))).toEqual(inMonths(table, 0, 2));
});

// What is older than the months, and ids that tell no time, are always looked among: both are small, or indexed.
const ALWAYS = ['orders_default', 'orders_past'];

it.each([
  [
    'of a user',
    (criteria: OrderCriteria) =>
      loaders().ordersOfUser.load({
        parentId: userId(1),
        args: { criteria, sort: DEFAULT_ORDER_SORT, page: PAGE },
      }),
  ],
  [
    'of a user, counted',
    (criteria: OrderCriteria) => loaders().orderCountOfUser.load({ parentId: userId(1), args: criteria }),
  ],
  [
    'of all',
    (criteria: OrderCriteria) => createOrderService(prisma).list(criteria, DEFAULT_ORDER_SORT, PAGE),
  ],
  ['of all, counted', (criteria: OrderCriteria) => createOrderService(prisma).count(criteria)],
])('a list of orders %s is looked for in the months that its filter names', async (_name, list) => {
  const day = 86_400_000;
  const placedAfter = new Date(middleOf(1).getTime() - day);
  const placedBefore = new Date(middleOf(1).getTime() + day);
  const within = (criteria: OrderCriteria) => partitionsIn(() => list(criteria));
  expect(await within(orderCriteria({ placedAfter, placedBefore }))).toEqual([
    ...inMonths('orders', 1),
    ...ALWAYS,
  ]);
  expect(await within(orderCriteria({ placedAfter: middleOf(2) }))).toEqual([
    ...inMonths('orders', 2, 3),
    ...ALWAYS,
  ]);
  expect(await within(orderCriteria({ placedBefore: middleOf(0) }))).toEqual([
    ...inMonths('orders', 0),
    ...ALWAYS,
  ]);
  expect(await within(orderCriteria({}))).toEqual([...inMonths('orders', 0, 1, 2, 3), ...ALWAYS]);
});

it('an order takes a step in its month', async () => {
  const request = {
    orderId: ids[3] ?? '',
    to: 'CANCELLED',
    by: systemActor(prisma, 'test'),
    reason: null,
  } as const;
  const step = () => prisma.$transaction((tx) => transition(tx, request, createEvictions(false)));
  // Once more, to see how the statements run before the order is what they make it.
  const touched = await partitionsIn(async () => {
    await step();
    await prisma.order.update({ where: { id: request.orderId }, data: { status: 'PAID' } });
  });
  expect(touched).toEqual([...inMonths('orders', 3), ...inMonths('payments', 3)]);
});

it('a payment is found by the provider’s id without looking at the months', async () => {
  const hint = {
    eventId: 'evt_1',
    type: 'payment.succeeded',
    paymentId: `pay_${ids[1]}`,
    reference: ids[1] ?? '',
  };
  const touched = await partitionsIn(async () => expect(await takeHint(prisma, hint)).toBe('taken'));
  expect(touched).toEqual(inMonths('payments', 1));
});

it('what was done with somebody in a time is looked for in its months', async () => {
  const at = { gte: middleOf(1), lt: middleOf(2) };
  const read = () => prisma.auditEntry.findMany({ where: { subjectId: userId(1), at } });
  expect(await partitionsIn(read)).toEqual(inMonths('audit_log', 1, 2));
});
