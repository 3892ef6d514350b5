import { withClient } from '@tributary/database';
import { until } from '../support/until.ts';

/** Something that statements wait for, until it is let go. */
export interface HeldLock {
  release(): Promise<void>;
}

/** Takes a lock by a statement, in a transaction of its own. */
export async function holdLock(url: string, statement: string): Promise<HeldLock> {
  let letGo: () => void = () => undefined;
  const kept = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let done: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    done = withClient(url, async (client) => {
      await client.query('BEGIN');
      await client.query(statement);
      resolve();
      await kept;
    });
    done.catch(reject);
  });
  return {
    release() {
      letGo();
      return done;
    },
  };
}

/** How many statements of a database wait for a lock now. */
export const waitingStatements = (url: string): Promise<number> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ count: string }>(
      `SELECT count(*) FROM pg_stat_activity
       WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'`,
    );
    return Number(rows[0]?.count);
  });

/** Waits until so many statements wait for a lock. */
export const untilWaiting = (url: string, count: number): Promise<void> =>
  until(async () => (await waitingStatements(url)) === count);
