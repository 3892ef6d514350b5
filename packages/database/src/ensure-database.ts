import pg from 'pg';
import {
  connectionError,
  type DatabaseSource,
  databaseName,
  parseDatabaseUrl,
  withDatabase,
} from './database-url.ts';

/** How long a server may take to answer; a firewall that drops packets would keep us waiting. */
const CONNECT_TIMEOUT = 5_000; // 5 seconds

const NO_SUCH_DATABASE = '3D000';
const DUPLICATE_DATABASE = '42P04';
const UNIQUE_VIOLATION = '23505'; // two CREATE DATABASE of one name at the same moment

/**
 * Creates the database that a connection string names, when the server does not have it.
 *
 * @returns whether it was created
 * @throws StartupError naming the setting: not a URL, server unreachable, wrong password, no right to create it
 */
export async function ensureDatabase(source: DatabaseSource): Promise<boolean> {
  const database = databaseName(parseDatabaseUrl(source));
  try {
    await withClient(source.url, (client) => client.query('SELECT 1'));
    return false;
  } catch (error) {
    if (codeOf(error) !== NO_SUCH_DATABASE) throw connectionError(source, error);
  }
  try {
    await withClient(withDatabase(source.url, 'postgres'), (client) =>
      client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`),
    );
    return true;
  } catch (error) {
    if ([DUPLICATE_DATABASE, UNIQUE_VIOLATION].includes(codeOf(error) ?? '')) return false;
    throw connectionError(source, error);
  }
}

const codeOf = (error: unknown) => (error as { code?: string }).code;

export interface ClientOptions {
  /** As PostgreSQL lists it. @default none */
  name?: string | undefined;
  /** Ends the connection, and with it what runs on it. */
  signal?: AbortSignal | undefined;
}

/** Connects for as long as `use` takes. */
export async function withClient<T>(
  url: string,
  use: (client: pg.Client) => Promise<T>,
  { name, signal }: ClientOptions = {},
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    application_name: name,
  });
  // A connection that breaks fails the statement in flight, or the next; without a listener it would end the process.
  client.on('error', () => undefined);
  const end = () => void client.end();
  signal?.addEventListener('abort', end, { once: true });
  try {
    await client.connect();
    return await use(client);
  } finally {
    signal?.removeEventListener('abort', end);
    await client.end();
  }
}
