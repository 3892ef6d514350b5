import { withClient } from '@tributary/database';
import { identityHeaders, someViewer } from '@tributary/testing';

/** What staff asks that reads the table of orders. */
export const ORDERS = '{ orders(first: 1) { edges { node { placedAt } } } }';

/** Does something while nobody can read orders. @param letGo - gives the table back before its end */
export const whileLocked = (
  databaseUrl: string,
  work: (letGo: () => Promise<unknown>) => Promise<void>,
): Promise<void> =>
  withClient(databaseUrl, async (holder) => {
    await holder.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
    await work(() => holder.query('COMMIT'));
  });

/** How many statements of a database wait for a lock now. */
export const waitingFor = (databaseUrl: string): Promise<number> =>
  withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0]?.count ?? 0;
  });

/** Asks for orders as somebody who can go away. */
export async function askMortally(url: string): Promise<{ leave(): Promise<unknown> }> {
  const client = new AbortController();
  const answer = fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(await identityHeaders(someViewer('STAFF'))) },
    body: JSON.stringify({ query: ORDERS }),
    signal: client.signal,
  }).catch(() => 'gone');
  return {
    leave() {
      client.abort();
      return answer;
    },
  };
}
