import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { DEMO, userId } from '@tributary/prisma/seed';
import { openTcpProxy, type TcpProxy } from '@tributary/testing';
import { type Graph, startGraph, type Viewer } from '../support/start-graph.ts';
import { until } from '../support/until.ts';

const CUSTOMER = userId(DEMO.customer);

let graph: Graph;
/** The users' way to the orders. */
let orders: TcpProxy;
beforeEach(async () => {
  graph = await startGraph();
  orders = await openTcpProxy(graph.subgraphs.orders.url);
  graph.urls.set('orders', orders.url);
});
afterEach(async () => {
  await graph.stop();
  await orders.block().catch(() => undefined); // it may be blocked by now
});

const ask = async <Data>(query: string, viewer: Viewer = 'customer', variables = {}) => {
  const { data, errors } = await graph.ask<Data>(query, { viewer, variables });
  expect(errors).toBeUndefined();
  return data;
};
const rows = <Row extends object>(database: 'users' | 'orders', statement: string, values: unknown[] = []) =>
  withClient(
    graph.databases[database].url,
    async (client) => (await client.query<Row>(statement, values)).rows,
  );
const jobsOf = (task: string) =>
  rows<{ attempts: number; runAt: Date }>(
    'users',
    'SELECT attempts, run_at AS "runAt" FROM graphile_worker.jobs WHERE task_identifier = $1 ORDER BY run_at',
    [task],
  );
/** Waits until the other subgraph has not answered a job. */
const failedOnce = (task: string) =>
  until(async () => (await jobsOf(task)).some(({ attempts }) => attempts > 0));

interface Export {
  id: string;
  status: string;
  document: {
    users: Record<string, Record<string, unknown>[]>;
    orders: Record<string, Record<string, unknown>[]>;
  } | null;
}
const EXPORTS = '{ viewer { dataExports { id status finishedAt expiresAt document } } }';
const exportsNow = async () => (await ask<{ viewer: { dataExports: Export[] } }>(EXPORTS)).viewer.dataExports;
const REQUEST = 'mutation { viewerDataExport { dataExport { id status finishedAt document } } }';
const request = async () =>
  (await ask<{ viewerDataExport: { dataExport: Export } }>(REQUEST)).viewerDataExport.dataExport;

/** Gives the customer a password and a session. */
async function signIn(): Promise<void> {
  await rows(
    'users',
    `INSERT INTO credentials (user_id, password_hash, changed_at) VALUES ($1, 'do not tell', now())
     ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash`,
    [CUSTOMER],
  );
  await rows(
    'users',
    `INSERT INTO sessions (id, user_id, refresh_token_in, created_at, last_used_at, expires_at)
     VALUES (gen_random_uuid(), $1, 'BODY', now(), now(), now() + interval '1 day')`,
    [CUSTOMER],
  );
}

describe('an export', () => {
  it('has everything from all subgraphs, once they answer', async () => {
    const { viewer } = await ask<{
      viewer: { orders: { edges: { node: { number: string } }[]; totalCount: number } };
    }>('{ viewer { orders(first: 100) { totalCount edges { node { number } } } } }');
    await signIn();
    await orders.block();
    const wanted = await request();
    expect(wanted).toEqual({ id: expect.any(String), status: 'PENDING', finishedAt: null, document: null });
    expect(await request()).toEqual(wanted);
    await failedOnce('user.export');
    await orders.unblock();
    await until(async () => (await exportsNow())[0]?.status === 'READY');

    const [ready] = await exportsNow();
    expect(ready?.id).toBe(wanted.id);
    const document = ready?.document;
    expect(Object.keys(document ?? {})).toEqual(['users', 'orders']);
    expect(document?.users.profile).toEqual([
      expect.objectContaining({ email: 'customer@example.com', displayName: 'Casey Morgan' }),
    ]);
    expect(document?.users.addresses).toHaveLength(2);
    expect(document?.users.auditEntries).toContainEqual(
      expect.objectContaining({ action: 'user.export', by: 'you' }),
    );
    expect(document?.users.dataExports).toHaveLength(1);
    const numbers = document?.orders.orders?.map(({ number }) => number);
    expect(numbers?.toSorted()).toEqual(viewer.orders.edges.map(({ node }) => node.number).toSorted());
    expect(numbers).toHaveLength(viewer.orders.totalCount);
    expect(document?.orders.orders?.[0]).toMatchObject({
      shippingAddress: { recipient: 'Casey Morgan' },
      lines: expect.arrayContaining([expect.objectContaining({ sku: expect.any(String) })]),
      history: expect.arrayContaining([expect.objectContaining({ to: 'PENDING_PAYMENT', by: 'you' })]),
    });
    expect(document?.orders.carts).toHaveLength(1);
    expect(document?.users.sessions).toEqual([expect.objectContaining({ refreshTokenIn: 'BODY' })]);
    expect(JSON.stringify(document)).not.toMatch(/hash|do not tell/i);
  });

  it('is replaced by the next, and seen by nobody else', async () => {
    const first = await request();
    await until(async () => (await exportsNow())[0]?.status === 'READY');
    const second = await request();
    expect(second.id).not.toBe(first.id);
    await until(async () => (await exportsNow())[0]?.status === 'READY');
    expect((await exportsNow()).map(({ id }) => id)).toEqual([second.id]);
    const user = Buffer.from(`User:${CUSTOMER}`).toString('base64url');
    const seen = await ask<object>(`{ user(id: "${user}") { displayName dataExports { id } } }`, 'admin');
    expect(seen).toEqual({ user: { displayName: 'Casey Morgan', dataExports: null } });
  });

  it('is deleted when its time is over, and given up when it never comes', async () => {
    await request();
    await until(async () => (await exportsNow())[0]?.status === 'READY');
    await orders.block();
    await request();
    await rows('users', `UPDATE data_exports SET expires_at = now() WHERE status = 'READY'`);
    await rows(
      'users',
      `UPDATE data_exports SET requested_at = now() - interval '1 day' WHERE status = 'PENDING'`,
    );
    for (const task of ['export.cleanup', 'retention.prune'])
      await rows('users', `SELECT graphile_worker.add_job('${task}')`);
    await until(async () => (await exportsNow()).every(({ status }) => status === 'FAILED'));
    expect(await exportsNow()).toHaveLength(1);
  });
});

const ERASE = 'mutation { viewerErase(input: { confirm: true }) { erased userErrors { __typename } } }';
/** Tables with a word about the customer anywhere in a row. */
async function mentions(database: 'users' | 'orders'): Promise<string[]> {
  const tables = await rows<{ name: string }>(
    database,
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema IN ('public', 'graphile_worker')`,
  );
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await rows<{ count: number }>(
        database,
        `SELECT count(*)::int FROM ${name} t WHERE t::text ~* 'casey|customer@example\\.com'`,
      );
      return row?.count ? name : null;
    }),
  );
  return found.filter((name) => name !== null);
}
const accountsOf = (status: string) =>
  rows<Record<string, unknown>>(
    'orders',
    `SELECT number, total_minor, placed_at, updated_at, ship_to_country_code, ship_to_region,
       (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id) AS lines
     FROM orders o WHERE user_id = $1 AND status::text LIKE $2 ORDER BY number`,
    [CUSTOMER, status],
  );
const recipients = async (status: string) =>
  (
    await rows<{ recipient: string }>(
      'orders',
      'SELECT DISTINCT ship_to_recipient AS recipient FROM orders WHERE user_id = $1 AND status::text = $2',
      [CUSTOMER, status],
    )
  ).map(({ recipient }) => recipient);

describe('erasure', () => {
  it('is done at once here and soon elsewhere, and leaves the accounts', async () => {
    await rows('orders', `UPDATE orders SET status = 'DELIVERED' WHERE user_id = $1`, [CUSTOMER]);
    await rows(
      'orders',
      `UPDATE orders SET status = 'PAID' WHERE id = (SELECT id FROM orders WHERE user_id = $1 LIMIT 1)`,
      [CUSTOMER],
    );
    await rows('orders', `UPDATE order_events SET reason = 'Casey says so' WHERE actor_id = $1`, [CUSTOMER]);
    const before = await accountsOf('%');
    expect(await mentions('users')).toEqual(expect.arrayContaining(['public.users', 'public.addresses']));
    await request();
    await until(async () => (await exportsNow())[0]?.status === 'READY');

    await orders.block();
    expect(await ask<object>(ERASE)).toEqual({ viewerErase: { erased: true, userErrors: [] } });
    expect(await mentions('users')).toEqual([]);
    expect(await ask<object>('{ viewer { id } }')).toEqual({ viewer: null });
    expect(await rows('users', 'SELECT FROM data_exports')).toEqual([]);
    await failedOnce('user.erase');
    expect(await mentions('orders')).toEqual(expect.arrayContaining(['public.orders']));
    // Erasing twice is harmless.
    expect(await ask<object>(ERASE)).toEqual({ viewerErase: { erased: true, userErrors: [] } });

    await orders.unblock();
    await until(async () => !(await recipients('DELIVERED')).includes('Casey Morgan'));
    // The parcel of the other one is still to be sent, so that it keeps its address.
    expect(await recipients('PAID')).toEqual(['Casey Morgan']);
    expect(await rows('orders', 'SELECT FROM carts WHERE user_id = $1', [CUSTOMER])).toEqual([]);
    await until(async () => (await jobsOf('user.erase')).every(({ attempts }) => attempts === 0));
    const [next] = await jobsOf('user.erase');
    const minutes = ((next?.runAt.getTime() ?? 0) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(50);
    expect(minutes).toBeLessThan(61);

    await rows('orders', `UPDATE orders SET status = 'DELIVERED' WHERE user_id = $1`, [CUSTOMER]);
    await rows(
      'users',
      `SELECT graphile_worker.reschedule_jobs(array_agg(id), now()) FROM graphile_worker.jobs`,
    );
    await until(
      async () => (await rows('users', `SELECT FROM audit_log WHERE action = 'user.erased'`)).length > 0,
    );
    expect(await mentions('orders')).toEqual([]);
    expect(await accountsOf('%')).toEqual(before);
    await until(async () => (await jobsOf('user.erase')).length === 0);
    expect(await rows('users', `SELECT FROM audit_log WHERE action = 'user.erased'`)).toHaveLength(1);
  });

  it('leaves others alone, and who they bought from', async () => {
    const others = 'SELECT * FROM orders WHERE user_id <> $1 ORDER BY id';
    const before = await rows('orders', others, [CUSTOMER]);
    await ask(ERASE);
    await until(
      async () => (await rows('orders', 'SELECT FROM carts WHERE user_id = $1', [CUSTOMER])).length === 0,
    );
    expect(await rows('orders', others, [CUSTOMER])).toEqual(before);
    const [order] = await rows<{ number: string }>('orders', 'SELECT number FROM orders WHERE user_id = $1', [
      CUSTOMER,
    ]);
    const seen = await ask<object>(
      `{ orderByNumber(number: "${order?.number}") { customer { displayName email } } }`,
      'staff',
    );
    expect(seen).toEqual({ orderByNumber: { customer: { displayName: 'Erased user', email: null } } });
  });

  it('takes a yes, and another administrator', async () => {
    const refused = (type: string) => ({ viewerErase: { erased: null, userErrors: [{ __typename: type }] } });
    expect(await ask<object>(ERASE.replace('true', 'false'))).toEqual(refused('ValidationError'));
    const admins = `UPDATE users SET role = 'STAFF' WHERE role = 'ADMIN' AND id <> $1`;
    await rows('users', admins, [userId(DEMO.admin)]);
    expect(await ask<object>(ERASE, 'admin')).toEqual(refused('LastAdminError'));
    expect(await ask<object>('{ viewer { displayName } }', 'admin')).toEqual({
      viewer: { displayName: 'Alex Chen' },
    });
  });
});
