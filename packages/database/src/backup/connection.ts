import { type DatabaseSource, parseDatabaseUrl } from '../database-url.ts';

/** What PostgreSQL's programs call themselves on the server; `synchronous_standby_names` names it. */
export const APPLICATION_NAME = 'tributary_backup';

/**
 * A connection string as the variables that PostgreSQL's programs read: on their command line everybody could see the
 * password.
 */
export function libpqEnvironment(source: DatabaseSource): Record<string, string> {
  const url = parseDatabaseUrl(source);
  const given = (name: string) => url.searchParams.get(name);
  const variables = {
    PGHOST: given('host') ?? url.hostname.replace(/^\[|\]$/g, ''),
    PGPORT: url.port,
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGSSLMODE: sslMode(given('sslmode')),
    PGSSLROOTCERT: given('sslrootcert'),
    PGSSLCERT: given('sslcert'),
    PGSSLKEY: given('sslkey'),
    PGAPPNAME: APPLICATION_NAME,
    PGCONNECT_TIMEOUT: '10', // seconds
  };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

/** The words mean less to libpq than to the driver of our services: what is checked there is checked here as well. */
function sslMode(mode: string | null): string | null {
  if (mode === 'no-verify') return 'require';
  return mode === 'require' || mode === 'verify-ca' ? 'verify-full' : mode;
}
