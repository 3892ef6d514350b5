import type pg from 'pg';
import { isRefusedChange, isServerGone, mayWorkElsewhere } from './failed-there.ts';
import { currentReadScope, type ReadScope } from './read-scope.ts';
import type { Replica } from './replica.ts';
import type { ReplicaMetrics } from './replica-metrics.ts';

/**
 * Sends the statements of queries to a replica: those that `pool.query` is called with. Transactions take a connection of
 * the pool, and so stay on the primary, as does all that belongs to no query.
 *
 * @param choose - the server for a request; null for the primary
 */
export function routeStatements(
  pool: pg.Pool,
  choose: (scope: ReadScope) => Promise<Replica | null>,
  metrics: ReplicaMetrics,
): void {
  const onPrimary = pool.query.bind(pool) as (...args: unknown[]) => unknown;
  const routed = (...args: unknown[]): unknown => {
    const scope = currentReadScope();
    const [statement, ...others] = args;
    if (!scope?.mayUseReplica || others.length > 0) return onPrimary(...args);
    return route(scope, statement as pg.QueryConfig);
  };
  pool.query = routed as typeof pool.query;

  async function route(scope: ReadScope, statement: pg.QueryConfig): Promise<unknown> {
    scope.server ??= choose(scope);
    const replica = await scope.server;
    if (replica) {
      try {
        const result = await replica.pool.query(statement);
        metrics.answered(replica.name);
        return result;
      } catch (error) {
        if (!mayWorkElsewhere(error)) throw error;
        leave(scope, replica, error);
      }
    }
    const result = await onPrimary(statement);
    metrics.answered('primary');
    return result;
  }

  /** A read changes nothing, so that it may be sent again; the rest of the request follows it to the primary. */
  function leave(scope: ReadScope, replica: Replica, error: unknown): void {
    scope.server = Promise.resolve(null);
    scope.hasWritten ||= isRefusedChange(error);
    if (isServerGone(error)) replica.leave((error as Error).message);
    metrics.sentOn(replica.name);
  }
}
