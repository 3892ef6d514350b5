import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
  type ErrorCapturingSqlMigrationAwareDriverAdapterFactory,
  type SqlDriverAdapter,
  type SqlQuery,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { withClient } from '../ensure-database.ts';
import { withDatabase } from '../database-url.ts';
import { openPool } from '../open-pool.ts';

/** PostgreSQL's internal one-byte type "char", which its catalogue is full of. */
const CHAR_OID = 18;
const TEXT_OID = 25;

/** What the schema engine is given to reach a database. */
export interface EngineAdapter {
  factory: ErrorCapturingSqlMigrationAwareDriverAdapterFactory;
  /** PostgreSQL's answer to the last script that failed; the engine's own message has only a part of it. */
  scriptError(): pg.DatabaseError | undefined;
  /** Ends the connections, which the engine leaves open, and with them its advisory lock. */
  close(): Promise<void>;
}

/**
 * `@prisma/adapter-pg` with what the schema engine needs beyond it:
 * - a script goes to PostgreSQL whole, which makes it one transaction; the adapter splits it at every
 *   semicolon, also inside a function's body or a string;
 * - columns of type "char" are understood, without which the engine cannot read the catalogue;
 * - a shadow database is dropped after its connections are closed, not before.
 *
 * @param url - connection string; shadow databases are made on the same server
 */
export function engineAdapter(url: string): EngineAdapter {
  let scriptError: pg.DatabaseError | undefined;
  const connected: SqlDriverAdapter[] = [];
  const connect = async (to: string, onDispose?: () => Promise<void>) => {
    const adapter = await connectAdapter(to, {
      onDispose,
      onScriptError: (error) => {
        scriptError = error;
      },
    });
    connected.push(adapter);
    return adapter;
  };
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(url),
    connectToShadowDb: async () => {
      const name = `shadow_${randomUUID().replaceAll('-', '')}`;
      await withClient(url, (client) => client.query(`CREATE DATABASE ${name}`));
      return connect(withDatabase(url, name), async () => {
        await withClient(url, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
      });
    },
  });
  return {
    factory,
    scriptError: () => scriptError,
    close: async () => {
      for (const adapter of connected) await adapter.dispose();
    },
  };
}

interface AdapterHooks {
  /** Called after the connections are closed. */
  onDispose: (() => Promise<void>) | undefined;
  onScriptError: (error: pg.DatabaseError) => void;
}

async function connectAdapter(url: string, { onDispose, onScriptError }: AdapterHooks): Promise<SqlDriverAdapter> {
  // One connection: the engine's advisory lock and its work belong to the same session.
  const pool = openPool({ url, max: 1, name: 'migrations' });
  const readChars = understandChars(pool);
  const adapter = await new PrismaPg(pool).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    queryRaw: async (query: SqlQuery) => readChars(await queryRaw(query)),
    executeScript: async (script: string) => {
      const client = await pool.connect();
      try {
        await client.query(script);
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) throw error;
        onScriptError(error);
        throw toAdapterError(error);
      } finally {
        client.release();
      }
    },
    dispose: async () => {
      if (pool.ending) return; // by the engine, and by us after it
      await pool.end();
      await onDispose?.();
    },
  });
}

/**
 * Lets the adapter take "char" for text, and gives the columns back their type afterwards. The adapter hands
 * the array of rows on as it is, so that it identifies the result.
 */
function understandChars(pool: pg.Pool) {
  const charColumns = new WeakMap<unknown[][], Set<number>>();
  const query = pool.query.bind(pool);
  Object.assign(pool, {
    query: async (config: pg.QueryArrayConfig) => {
      const result = await query(config);
      const fields = result.fields.map((field, index) => ({ field, index }));
      const chars = fields.filter(({ field }) => field.dataTypeID === CHAR_OID);
      for (const { field } of chars) field.dataTypeID = TEXT_OID;
      charColumns.set(result.rows, new Set(chars.map(({ index }) => index)));
      return result;
    },
  });
  return <T extends { columnTypes: (typeof ColumnTypeEnum)[keyof typeof ColumnTypeEnum][]; rows: unknown[][] }>(
    result: T,
  ): T => ({
    ...result,
    columnTypes: result.columnTypes.map((type, index) =>
      charColumns.get(result.rows)?.has(index) ? ColumnTypeEnum.Character : type,
    ),
  });
}

const toAdapterError = (error: pg.DatabaseError) =>
  new DriverAdapterError({
    kind: 'postgres',
    code: error.code ?? 'XX000',
    severity: error.severity ?? 'ERROR',
    message: error.message,
    detail: error.detail,
    column: error.column,
    hint: error.hint,
  });
