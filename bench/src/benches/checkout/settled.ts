import { setTimeout as delay } from 'node:timers/promises';
import { withClient } from '@tributary/database';
import type { CheckoutSide } from './side.ts';

const PATIENCE = 120_000; // 2 minutes
const INTERVAL = 100; // milliseconds between two looks

/**
 * What waits for a later time is due now, and the worker is told as of new jobs, or it would look two seconds later. A
 * job that failed keeps its time.
 */
const BRING_FORWARD = `
  SELECT pg_notify('jobs:insert', json_build_object('count', count(*))::text)
  FROM graphile_worker.reschedule_jobs((
    SELECT array_agg(id) FROM graphile_worker.jobs WHERE run_at > now() AND attempts = 0 AND locked_at IS NULL
  ), run_at => now())
  HAVING count(*) > 0`;

const LEFT = `
  SELECT count(*)::int, string_agg(DISTINCT task_identifier || coalesce(': ' || last_error, ''), ', ') AS what
  FROM graphile_worker.jobs`;

/**
 * Waits until a side has done all that follows its orders. The look at an order's payment a minute later is brought
 * forward: it is part of the order's price, and would fall into another measurement.
 *
 * @throws Error naming the jobs that are not done in two minutes
 */
export const settled = ({ name, databases }: CheckoutSide): Promise<void> =>
  withClient(databases.orders, async (client) => {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      await client.query(BRING_FORWARD);
      const { rows } = await client.query<{ count: number; what: string }>(LEFT);
      const [left] = rows;
      if (left?.count === 0) return;
      if (Date.now() > deadline) throw new Error(`${name}: ${left?.count} jobs are not done: ${left?.what}`);
      await delay(INTERVAL);
    }
  });
