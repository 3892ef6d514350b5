import { openPool, type PoolOptions } from '@tributary/database';
import type pg from 'pg';
import { UtcClient } from './utc-client.ts';

/** As long as any statement waits for a connection: a burst of transactions queues up rather than failing. */
export const MAX_WAIT = 5_000; // 5 seconds
/** Longer than any statement takes; by then its connection is one that leads nowhere, and another takes its place. */
const STATEMENT_TIMEOUT = 65_000; // 65 seconds; batches of an import have 60

/** Opens a pool for Prisma, which takes every timestamp for UTC. */
export const openUtcPool = (options: Omit<PoolOptions, 'Client'>): pg.Pool =>
  openPool({ connectWithin: MAX_WAIT, statementTimeout: STATEMENT_TIMEOUT, ...options, Client: UtcClient });
