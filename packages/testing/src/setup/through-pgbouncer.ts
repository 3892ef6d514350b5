import pg from 'pg';

/** What of pg's clients its types leave out. */
interface Connecting {
  port: number;
  host: string;
  getStartupConf(): Record<string, string>;
  connect(callback?: (error?: Error) => void): Promise<void> | undefined;
}

/**
 * Sends what services ask of their databases by way of the PgBouncer of `TEST_PGBOUNCER_URL`: connections that begin in UTC
 * are theirs. Those of jobs and of the tests themselves go where they went, and so do those to a proxy of a test.
 */
const direct = Number(new URL(process.env.TEST_POSTGRES_URL ?? 'postgresql://none:1').port);
const { hostname, port } = new URL(process.env.TEST_PGBOUNCER_URL ?? 'postgresql://none:1');
const clients = pg.Client.prototype as unknown as Connecting;
const { connect } = clients;
clients.connect = function (this: Connecting, callback) {
  if (this.port === direct && this.getStartupConf().TimeZone) {
    this.port = Number(port);
    this.host = hostname;
  }
  return connect.call(this, callback);
};
