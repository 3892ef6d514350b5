import { Gauge, type Registry } from '@tributary/platform';
import type pg from 'pg';

/** Registers how busy a pool of connections is, which is looked up when somebody reads the figures. */
export function registerPoolMetrics(registry: Registry, pool: pg.Pool): void {
  const registers = [registry];
  new Gauge({
    name: 'db_pool_connections',
    help: 'Open connections to the database, with a statement or a transaction on them (busy) or without (idle)',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
    },
  });
  new Gauge({
    name: 'db_pool_waiting',
    help: 'Statements and transactions that wait for a connection to the database',
    registers,
    collect() {
      this.set(pool.waitingCount);
    },
  });
  new Gauge({
    name: 'db_pool_size',
    help: 'Connections to the database that there may be at most (DATABASE_POOL_SIZE)',
    registers,
    collect() {
      this.set(pool.options.max);
    },
  });
}
