import { openPool } from '@tributary/database';
import type { Pool } from 'pg';

const STATEMENT_TIMEOUT = 5_000; // 5 seconds; statements on the outbox are short

/** Connections to a database that has an outbox. @param service - whose database it is */
export const openOutboxPool = (url: string, service: string, max: number): Pool =>
  openPool({ url, max, name: `${service} events`, statementTimeout: STATEMENT_TIMEOUT });
