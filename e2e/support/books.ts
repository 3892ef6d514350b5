import { withClient } from '@tributary/database';
import { tryFromGlobalId } from '@tributary/subgraph-kit';
import type { Buyer } from './buyers.ts';
import type { Ground } from './ground.ts';
import type { Sale } from './sales.ts';
import type { Article } from './shopping.ts';
import { until } from './until.ts';

/** What there was, and what buyers were told that they have ordered. */
export interface Books {
  databases: Ground['databases'];
  /** All that was on sale, with the pieces that there were before anything was sold. Nobody else bought of it. */
  articles: readonly Pick<Article, 'id' | 'onHand'>[];
  /** All who have tried to buy, and have bought nothing else. */
  buyers: readonly Buyer[];
  sales: readonly Sale[];
}

/** Something that does not add up. */
export interface Discrepancy {
  what: string;
  /** Uuid of the order or the variant. */
  id: string;
  detail: string | null;
}

/** A job that is not done. */
export interface UndoneJob {
  task: string;
  attempts: number;
  /** Name of the pool that works on it. */
  lockedBy: string | null;
  lastError: string | null;
}

/**
 * Waits until all that follows from orders is done. Jobs that failed meanwhile need not wait for as long as they usually
 * do.
 *
 * @param patience - milliseconds
 * @throws when some are left by then, with what they are
 */
export async function workIsDone({ databases }: Pick<Books, 'databases'>, patience = 60_000): Promise<void> {
  let left: UndoneJob[] = [];
  const isDone = async () => {
    const lists = [databases.orders, databases.products].map(({ url }) => undoneJobs(url));
    left = (await Promise.all(lists)).flat();
    return left.length === 0;
  };
  await until(isDone, patience).catch(() => {
    throw new Error(`jobs are left: ${JSON.stringify(left)}`);
  });
}

const undoneJobs = (database: string): Promise<UndoneJob[]> =>
  withClient(database, async (client) => {
    await client.query(
      'UPDATE graphile_worker._private_jobs SET run_at = now() WHERE locked_at IS NULL AND attempts > 0',
    );
    // A payment is looked after for half an hour, whatever becomes of it.
    const { rows } = await client.query<UndoneJob>(
      `SELECT task_identifier AS task, attempts, locked_by AS "lockedBy", last_error AS "lastError"
       FROM graphile_worker.jobs WHERE task_identifier <> 'payment.check'`,
    );
    return rows;
  });

/**
 * Checks by SQL that each order that was acknowledged is there, once; that there are no others of these buyers; that each
 * has a history, lines and a payment that agree; and that the stock is what there was without what was sold.
 *
 * @returns what does not add up; nothing when all is well
 */
export async function audit({ databases, articles, buyers, sales }: Books): Promise<Discrepancy[]> {
  const users = buyers.map(({ userId }) => userId);
  const told = JSON.stringify(
    sales.map(({ buyer: { userId }, key, orderId }) => ({
      userId,
      key,
      id: tryFromGlobalId('Order', orderId),
    })),
  );
  const ofOrders = await withClient(databases.orders.url, async (client) => ({
    problems: (await client.query<Discrepancy>(ORDER_PROBLEMS, [told, users])).rows,
    sold: (await client.query(SOLD, [users])).rows,
  }));
  const stock = [JSON.stringify(articles), JSON.stringify(ofOrders.sold)];
  const ofStock = await withClient(
    databases.products.url,
    async (client) => (await client.query<Discrepancy>(STOCK_PROBLEMS, stock)).rows,
  );
  return [...ofOrders.problems, ...ofStock];
}

const SOLD = `
  SELECT o.id AS "orderId", l.variant_id AS "variantId", l.quantity
  FROM orders o JOIN order_lines l ON l.order_id = o.id
  WHERE o.status NOT IN ('CANCELLED', 'REFUNDED') AND o.user_id = ANY ($1)`;

const ORDER_PROBLEMS = `
  WITH told AS (
    SELECT * FROM jsonb_to_recordset($1) AS t("userId" uuid, key text, id uuid)
  ), theirs AS (
    SELECT * FROM orders WHERE user_id = ANY ($2)
  )
  SELECT 'acknowledged order is missing' AS what, told.id::text AS id, NULL AS detail
    FROM told LEFT JOIN orders o ON o.id = told.id AND o.user_id = told."userId" WHERE o.id IS NULL
  UNION ALL
  SELECT 'order that nobody was told of', o.id::text, NULL FROM theirs o WHERE o.id NOT IN (SELECT id FROM told)
  UNION ALL
  SELECT 'placement of an acknowledged order is not PLACED', told.id::text, p.status::text
    FROM told LEFT JOIN placements p ON p.user_id = told."userId" AND p.idempotency_key = told.key
    WHERE p.status IS DISTINCT FROM 'PLACED' OR p.order_id <> told.id
  UNION ALL
  SELECT 'total is not the sum of the lines', o.id::text, o.total_minor::text FROM theirs o
    WHERE o.total_minor IS DISTINCT FROM
      (SELECT sum(l.quantity * l.unit_price_minor) FROM order_lines l WHERE l.order_id = o.id)
  UNION ALL
  SELECT 'history is not a chain to the status', o.id::text, o.status::text FROM theirs o
    WHERE (SELECT count(*) FROM order_events e WHERE e.order_id = o.id AND e.from_status IS NULL) <> 1
      OR NOT EXISTS (SELECT FROM order_events e WHERE e.order_id = o.id AND e.to_status = o.status)
      OR EXISTS (SELECT FROM order_events e WHERE e.order_id = o.id AND e.from_status = o.status)
      OR EXISTS (SELECT FROM order_events e WHERE e.order_id = o.id AND e.from_status IS NOT NULL AND NOT EXISTS (
        SELECT FROM order_events f WHERE f.order_id = o.id AND f.to_status = e.from_status))
  UNION ALL
  SELECT 'payment is not that of the status', o.id::text, o.status || ' ' || coalesce(p.status::text, 'none')
    FROM theirs o LEFT JOIN payments p ON p.order_id = o.id
    WHERE p.order_id IS NULL OR p.amount_minor <> o.total_minor OR CASE
      WHEN o.status = 'PENDING_PAYMENT' THEN p.status NOT IN ('PENDING', 'PROCESSING')
      WHEN o.status IN ('CANCELLED', 'REFUNDED') THEN p.refunded_minor <> p.captured_minor
      ELSE p.status <> 'SUCCEEDED' OR (p.captured_minor <> p.amount_minor AND NOT p.received_by_hand)
    END`;

const STOCK_PROBLEMS = `
  WITH article AS (
    SELECT * FROM jsonb_to_recordset($1) AS a(id uuid, "onHand" int)
  ), sold AS (
    SELECT * FROM jsonb_to_recordset($2) AS s("orderId" uuid, "variantId" uuid, quantity int)
  ), taken AS (
    SELECT l.order_id, l.variant_id, l.quantity, r.status FROM reservation_lines l JOIN reservations r USING (order_id)
    WHERE l.variant_id IN (SELECT id FROM article) AND r.status IN ('HELD', 'CONFIRMED')
  )
  SELECT 'stock is not what there was without what was sold' AS what, a.id::text AS id,
      format('%s - %s sold, is %s', a."onHand", coalesce(s.pieces, 0), i.on_hand) AS detail
    FROM article a JOIN inventory i ON i.variant_id = a.id
    LEFT JOIN (SELECT "variantId", sum(quantity) AS pieces FROM sold GROUP BY 1) s ON s."variantId" = a.id
    WHERE i.on_hand <> a."onHand" - coalesce(s.pieces, 0)
  UNION ALL
  SELECT 'pieces are still reserved', a.id::text, i.reserved::text
    FROM article a JOIN inventory i ON i.variant_id = a.id WHERE i.reserved <> 0
  UNION ALL
  SELECT 'order without its reservation', s."orderId"::text, s."variantId"::text
    FROM sold s LEFT JOIN taken t ON t.order_id = s."orderId" AND t.variant_id = s."variantId"
    WHERE t.status IS DISTINCT FROM 'CONFIRMED' OR t.quantity <> s.quantity
  UNION ALL
  SELECT 'reservation without its order', t.order_id::text, t.status::text
    FROM taken t LEFT JOIN sold s ON s."orderId" = t.order_id AND s."variantId" = t.variant_id
    WHERE s."orderId" IS NULL`;
