import { StartupError } from '@tributary/platform';

/** The setting that a connection string came from, for messages: never print the string itself. */
export interface DatabaseSource {
  /** `postgresql://user:password@host:port/database` */
  url: string;
  /** Name of the setting, such as `USERS_DATABASE_URL`. */
  setting: string;
}

/**
 * Parses a connection string.
 *
 * @throws StartupError when it is none, or names no database
 */
export function parseDatabaseUrl({ url, setting }: DatabaseSource): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol) || parsed.pathname.length < 2) {
    throw new StartupError(`${setting}: is not of the form postgresql://user:password@host:5432/database`);
  }
  return parsed;
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

/** Name of the database that a connection string points to. */
export const databaseName = (url: URL) => decodeURIComponent(url.pathname.slice(1));

/**
 * Turns a failure to connect into one line for the person at the terminal, without the password.
 *
 * @param error - as thrown by `pg`; codes are PostgreSQL's SQLSTATE or Node's system errors
 */
export function connectionError(source: DatabaseSource, error: unknown): StartupError {
  const url = parseDatabaseUrl(source);
  const server = `PostgreSQL at ${url.hostname}:${url.port || 5432}`;
  const user = decodeURIComponent(url.username);
  const { code, message } = error as { code?: string; message: string };
  const reason = () => {
    switch (code) {
      case '28P01':
        return `${server} refuses the password of user "${user}"`;
      case '28000':
        return `${server} does not let user "${user}" in: ${message}`;
      case '3D000':
        return `${server} has no database "${databaseName(url)}"`;
      case '42501':
        return `user "${user}" may not create database "${databaseName(url)}" on ${server}; create it, or grant CREATEDB`;
      default:
        if (/client password must be a string/.test(message))
          return `${server} asks for a password, and there is none`;
        return `${server} cannot be reached or used: ${code ?? ''} ${message}`.replace(/\s+/g, ' ').trim();
    }
  };
  return new StartupError(`${source.setting}: ${reason()}`, { cause: error });
}
