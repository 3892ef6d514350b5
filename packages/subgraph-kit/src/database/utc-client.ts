import pg from 'pg';

/** What pg begins a connection with, and its types leave out. */
interface Starting {
  /** Parameters of PostgreSQL's `StartupMessage`, by name. */
  getStartupConf(): Record<string, string>;
}

const startupOf = (pg.Client.prototype as unknown as Starting).getStartupConf;

/**
 * A connection in UTC: Prisma takes every timestamp for that, whatever zone the server writes it in.
 *
 * It is said by a parameter of the start (Frontend/Backend Protocol, "Start-up"), not in `options`: PgBouncer refuses those,
 * and has the parameter `TimeZone` hold for each of its clients, on whatever connection it puts them.
 */
export class UtcClient extends pg.Client {
  getStartupConf(): Record<string, string> {
    return { ...startupOf.call(this as unknown as Starting), TimeZone: 'UTC' };
  }
}
