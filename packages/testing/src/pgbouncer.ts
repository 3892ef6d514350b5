import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@tributary/platform';
import { fillDeployedFile } from './deployed-file.ts';

/** A PgBouncer in transaction mode, with the configuration of `deploy/pgbouncer`. */
export interface PgBouncer {
  /** A connection string of PostgreSQL's, by way of this. */
  wayTo(url: string): string;
  stop(): Promise<void>;
}

/**
 * Starts PgBouncer in front of a PostgreSQL.
 *
 * @param server - connection string of PostgreSQL, with the only user that is let in
 * @param poolSize - connections to PostgreSQL, for each database
 */
export async function startPgBouncer(server: string, poolSize: number): Promise<PgBouncer> {
  const { hostname, port, username, password } = new URL(server);
  const folder = await mkdtemp(join(tmpdir(), 'tributary-pgbouncer-'));
  // Started by root it becomes another user, as it has to.
  await chmod(folder, 0o755);
  const ownPort = await freePort();
  const [users, config] = [join(folder, 'users.txt'), join(folder, 'pgbouncer.ini')];
  await writeFile(users, `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`);
  await writeFile(
    config,
    await fillDeployedFile('pgbouncer/pgbouncer.ini', {
      POSTGRES_HOST: hostname,
      POSTGRES_PORT: port || '5432',
      PGBOUNCER_HOST: '127.0.0.1',
      PGBOUNCER_PORT: String(ownPort),
      PGBOUNCER_USERS: users,
      PGBOUNCER_POOL_SIZE: String(poolSize),
      PGBOUNCER_SERVER_TLS: 'prefer',
    }),
  );
  const child = spawn('pgbouncer', [...asOther(), config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exit = once(child, 'exit');
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  while (!(await listens(ownPort))) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended: ${output}`);
    await pause(20);
  }
  return {
    wayTo(url) {
      const way = new URL(url);
      way.host = `127.0.0.1:${ownPort}`;
      return way.href;
    },
    async stop() {
      child.kill('SIGTERM');
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const asOther = (): string[] => (process.getuid?.() === 0 ? ['-u', 'nobody'] : []);

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
